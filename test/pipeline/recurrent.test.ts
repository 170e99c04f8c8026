/**
 * What a model that remembers is given to remember, from the frame to its mask, on WebAssembly and, in software, on WebGPU. The model
 * answers with an echo, `(green + before) / 2`, where `before` is its answer to the frame before.
 */
import { expect } from '@open-wc/testing';

import { CpuEngine } from '../../src/inference/cpu-engine.ts';
import { GpuEngine } from '../../src/inference/gpu-engine.ts';
import { loadModelFile } from '../../src/inference/model-loader.ts';
import { OrtRuntime } from '../../src/inference/ort-session.ts';
import { CanvasRenderer } from '../../src/pipeline/canvas-renderer.ts';
import { FramePipeline, type PipelineListener } from '../../src/pipeline/frame-pipeline.ts';
import { WebGpuRenderer } from '../../src/pipeline/webgpu-renderer.ts';
import type { BuiltMask } from '../../src/postprocess/mask-output.ts';
import type { MaskRequest, ViewOptions } from '../../src/protocol/messages.ts';
import { createRgbaFrame, paintFlat } from '../helpers/frames.ts';
import { createTestDevice } from '../helpers/gpu.ts';
import { ort } from '../helpers/ort.ts';
import { createEffect, PipelineLog } from '../helpers/pipelines.ts';

const runtime = new OrtRuntime(ort);
runtime.configure({ wasmUrl: '' }, { module: null }, 1);

const never = new AbortController().signal;
const echoUrl = new URL('/test/assets/models/echo.json', location.href).href;
const [width, height] = [48, 32];
const request: MaskRequest = { format: 'float', size: 'model', threshold: 0.5 };
const view: ViewOptions = {
  effect: createEffect('cutout'),
  mask: request,
  priority: 'throughput',
  matte: { refine: false, smoothing: 0 },
};

type AnyPipeline = Pick<
  FramePipeline<never, never, never>,
  'push' | 'segment' | 'clear' | 'dispose'
>;

interface Stage {
  readonly pipeline: AnyPipeline;
  /** To be called after the pipeline was disposed of. */
  end(): Promise<void>;
}

async function openOnWasm(log: PipelineListener): Promise<Stage> {
  const file = await loadModelFile({ url: echoUrl, fileUrl: '', integrity: '' }, () => {}, never);
  const { engine } = await CpuEngine.create(runtime, 'wasm', file);
  const renderer = new CanvasRenderer(engine.model, Infinity);
  return {
    pipeline: new FramePipeline(renderer, engine, view, log),
    end: () => Promise.resolve(),
  };
}

async function openOnWebGpu(log: PipelineListener): Promise<Stage> {
  const file = await loadModelFile({ url: echoUrl, fileUrl: '', integrity: '' }, () => {}, never);
  const device = await createTestDevice();
  device.pushErrorScope('validation');
  const { engine } = await GpuEngine.create(runtime, device, file, false);
  const renderer = await WebGpuRenderer.create(device, engine.model, engine.tensors);
  return {
    pipeline: new FramePipeline(renderer, engine, view, log),
    async end() {
      const error = await device.popErrorScope();
      device.destroy();
      if (error) throw new Error(`WebGPU: ${error.message}`);
    },
  };
}

/** @param green - 0 or 1. */
function createFrame(green: number, timestampUs: number, scale = 1): VideoFrame {
  const picture = paintFlat(scale * width, scale * height, [0, 255 * green, 0, 255]);
  return createRgbaFrame(picture, timestampUs);
}

function levelOf({ mask }: Pick<BuiltMask, 'mask'>): number {
  const { content } = mask;
  if (content.format !== 'float') throw new Error(content.format);
  return Number(content.data[content.data.length / 2]?.toFixed(3));
}

for (const [where, open] of [
  ['WebAssembly', openOnWasm],
  ['WebGPU', openOnWebGpu],
] as const) {
  describe(`FramePipeline with a model that remembers, on ${where}`, () => {
    let log: PipelineLog;
    let stage: Stage;

    before(async () => {
      stage = await open({
        onFrame: (outcome) => log.onFrame(outcome),
        onMask: (mask, transfer) => log.onMask(mask, transfer),
      });
    });

    after(async () => {
      await stage.pipeline.dispose();
      await stage.end();
    });

    beforeEach(() => {
      log = new PipelineLog();
      stage.pipeline.clear();
    });

    /** Shows one frame after the other. */
    async function show(...frames: VideoFrame[]): Promise<void> {
      for (const frame of frames) {
        const count = log.masks.length + 1;
        stage.pipeline.push(frame, frame.timestamp);
        await log.untilMasks(count);
      }
    }

    function levels(): number[] {
      return log.masks.map(levelOf);
    }

    it('goes on from frame to frame', async () => {
      await show(createFrame(1, 0), createFrame(1, 40_000), createFrame(1, 80_000));
      expect(levels()).to.deep.equal([0.5, 0.75, 0.875]);
    });

    it('begins anew after clear()', async () => {
      await show(createFrame(1, 0), createFrame(1, 40_000));
      stage.pipeline.clear();
      await show(createFrame(1, 80_000));
      expect(levels()).to.deep.equal([0.5, 0.75, 0.5]);
    });

    it('remembers nothing of a frame that clear() overtook', async () => {
      stage.pipeline.push(createFrame(1, 0), 0);
      stage.pipeline.clear();
      await log.untilFrames(1);
      await show(createFrame(1, 40_000));
      expect(log.kinds[0]).to.equal('dropped');
      expect(levels()).to.deep.equal([0.5]);
    });

    it('begins anew where time runs backwards: after a seek, in a loop', async () => {
      await show(createFrame(1, 1_000_000), createFrame(1, 1_040_000), createFrame(1, 0));
      expect(levels()).to.deep.equal([0.5, 0.75, 0.5]);
    });

    it('begins anew where more than a second is left out', async () => {
      await show(createFrame(1, 0), createFrame(1, 1_000_000), createFrame(1, 2_040_000));
      expect(levels()).to.deep.equal([0.5, 0.75, 0.5]);
    });

    it('begins anew where the size changes', async () => {
      await show(createFrame(1, 0), createFrame(1, 40_000, 2), createFrame(1, 80_000, 2));
      expect(levels()).to.deep.equal([0.5, 0.5, 0.75]);
    });

    it('is not disturbed by a picture by itself, which begins from nothing', async () => {
      await show(createFrame(1, 0), createFrame(1, 40_000));
      const still = await stage.pipeline.segment(createFrame(1, 50_000), request, never);
      await show(createFrame(1, 80_000));
      expect(levelOf(still)).to.equal(0.5);
      expect(levels()).to.deep.equal([0.5, 0.75, 0.875]);
    });

    if (where === 'WebAssembly') {
      it('begins anew with the frame after a cut', async () => {
        await show(createFrame(1, 0), createFrame(0, 40_000), createFrame(0, 80_000));
        expect(levels()).to.deep.equal([0.5, 0.25, 0]);
      });
    } else {
      it('goes on over a cut, which only the GPU knows of', async () => {
        await show(createFrame(1, 0), createFrame(0, 40_000), createFrame(0, 80_000));
        expect(levels()).to.deep.equal([0.5, 0.25, 0.125]);
      });
    }
  });
}
