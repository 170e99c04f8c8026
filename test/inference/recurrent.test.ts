/**
 * Models that remember, on WebAssembly and, in software, on WebGPU. Each answers with an echo, `(green + before) / 2`, where `before` is its
 * answer to the frame before.
 */
import { expect } from '@open-wc/testing';

import { CpuEngine } from '../../src/inference/cpu-engine.ts';
import { GpuEngine } from '../../src/inference/gpu-engine.ts';
import { loadModelFile, type ModelFile } from '../../src/inference/model-loader.ts';
import { OrtRuntime } from '../../src/inference/ort-session.ts';
import { fillTensor } from '../../src/inference/pixel-tensor.ts';
import { WorkerPool } from '../../src/inference/worker-pool.ts';
import { InferencePool } from '../../src/pool/inference-pool.ts';
import type { Continuity, ModelSpec } from '../../src/stage.ts';
import { createTestDevice, readBuffer } from '../helpers/gpu.ts';
import { ort } from '../helpers/ort.ts';
import { createVideoMatting } from '../helpers/video-matting.ts';

const runtime = new OrtRuntime(ort);
runtime.configure({ wasmUrl: '' }, { module: null }, 1);

const never = new AbortController().signal;
const echoUrl = new URL('/test/assets/models/echo.json', location.href).href;

/** An engine whose frames are flat in each half. */
interface Bench {
  /** @returns The mask at the middle of the upper and of the lower half. */
  run(upper: number, lower: number, continuity: Continuity): Promise<number[]>;
  dispose(): Promise<void>;
}

/** Two flat halves, of these levels of green, 0..1. */
function paint({ input }: ModelSpec, upper: number, lower: number): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(4 * input.width * input.height).fill(255);
  for (let i = 0; i < pixels.length; i += 4) {
    pixels[i + 1] = 255 * (i < pixels.length / 2 ? upper : lower);
  }
  return pixels;
}

function pick({ output: { width, height } }: ModelSpec, mask: Float32Array): number[] {
  return [0.25, 0.75].map((y) => Number(mask[height * y * width + width / 2]?.toFixed(3)));
}

async function openOnWasm(file: ModelFile): Promise<Bench> {
  const { engine } = await CpuEngine.create(runtime, 'wasm', file);
  const { model } = engine;
  return {
    run: async (upper, lower, continuity) =>
      pick(model, (await engine.run(paint(model, upper, lower), undefined, continuity)).mask),
    dispose: () => engine.dispose(),
  };
}

async function openOnWebGpu(file: ModelFile): Promise<Bench> {
  const device = await createTestDevice();
  device.pushErrorScope('validation');
  const { engine } = await GpuEngine.create(runtime, device, file, false);
  const { model, tensors } = engine;
  return {
    async run(upper, lower, continuity) {
      const tensor = new Float32Array(3 * model.input.width * model.input.height);
      fillTensor(paint(model, upper, lower), model.input, tensor);
      device.queue.writeBuffer(tensors.input, 0, tensor);
      const output = await engine.run(tensors.input, undefined, continuity);
      return pick(model, new Float32Array(await readBuffer(device, output)));
    },
    async dispose() {
      await engine.dispose();
      const error = await device.popErrorScope();
      device.destroy();
      if (error) throw new Error(`WebGPU: ${error.message}`);
    },
  };
}

const models = [
  [
    'a model whose manifest pairs its tensors',
    () => loadModelFile({ url: echoUrl, fileUrl: '', integrity: '' }, () => {}, never),
  ],
  [
    'a model with the names of Robust Video Matting',
    () =>
      Promise.resolve<ModelFile>({
        manifest: null,
        options: { input: { width: 32, height: 16 } },
        bytes: createVideoMatting(),
        url: 'https://models.example/rvm.onnx',
        externalData: [],
      }),
  ],
] as const;

for (const [title, load] of models) {
  for (const [where, open] of [
    ['WebAssembly', openOnWasm],
    ['WebGPU', openOnWebGpu],
  ] as const) {
    describe(`${title}, on ${where}`, () => {
      let bench: Bench;
      before(async () => (bench = await open(await load())));
      after(() => bench.dispose());

      it('remembers nothing of its warm-up', async () => {
        expect(await bench.run(1, 0, 'next')).to.deep.equal([0.5, 0]);
      });

      it('goes on from the frame before', async () => {
        expect(await bench.run(1, 0, 'first')).to.deep.equal([0.5, 0]);
        expect(await bench.run(1, 1, 'next')).to.deep.equal([0.75, 0.5]);
        expect(await bench.run(0, 1, 'next')).to.deep.equal([0.375, 0.75]);
      });

      it('begins from nothing with the first frame of a scene', async () => {
        await bench.run(1, 1, 'next');
        expect(await bench.run(0, 1, 'first')).to.deep.equal([0, 0.5]);
        expect(await bench.run(0, 0, 'next')).to.deep.equal([0, 0.25]);
      });

      it('begins from nothing with a picture by itself, which the stream knows nothing of', async () => {
        expect(await bench.run(1, 0, 'first')).to.deep.equal([0.5, 0]);
        expect(await bench.run(0, 1, 'alone')).to.deep.equal([0, 0.5]);
        expect(await bench.run(0, 0, 'next')).to.deep.equal([0.25, 0]);
      });
    });
  }
}

/** How often a method is called during some work. */
async function countCalls<T extends object>(
  prototype: T,
  name: keyof T & string,
  work: () => Promise<void>,
): Promise<number> {
  const methods = prototype as Record<string, (...args: unknown[]) => unknown>;
  const original = methods[name] as (...args: unknown[]) => unknown;
  let count = 0;
  methods[name] = function (...args) {
    count++;
    return original.apply(this, args);
  };
  try {
    await work();
  } finally {
    methods[name] = original;
  }
  return count;
}

describe('the state of a model on WebGPU', () => {
  it('stays there, in buffers that are used again', async () => {
    const device = await createTestDevice();
    const file = await models[0][1]();
    const { engine } = await GpuEngine.create(runtime, device, file, false);
    const run = async (): Promise<void> => {
      for (let frame = 0; frame < 20; frame++) {
        await engine.run(engine.tensors.input, undefined, 'next');
        await device.queue.onSubmittedWorkDone();
      }
    };
    await run();
    const buffers = await countCalls(GPUDevice.prototype, 'createBuffer', run);
    const readBacks = await countCalls(GPUBuffer.prototype, 'mapAsync', run);
    expect({ buffers, readBacks }).to.deep.equal({ buffers: 0, readBacks: 0 });
    await engine.dispose();
    device.destroy();
  });
});

describe('a model that remembers, in a pool', () => {
  it('has one worker and one frame at a time, whatever is asked for', async () => {
    const pool = new InferencePool(
      {
        model: { url: echoUrl, fileUrl: '', integrity: '' },
        assetBase: '',
        assets: { wasmUrl: '' },
        wasm: Promise.resolve({ module: null }),
        threads: 1,
      },
      never,
    );
    const { loaded, line } = await pool.start(() => {});
    let wanted = 0;
    const { engine } = new WorkerPool(
      { loaded, worker: line, workers: 3, renderer: '2d', threads: 1, modelUrl: echoUrl },
      { onWanted: () => wanted++, onDone: () => {}, onResize: () => {}, onFailed: () => {} },
    );
    expect(wanted).to.equal(0);
    expect(engine.concurrencyFor('throughput')).to.equal(1);
    const answers: number[][] = [];
    for (const continuity of ['first', 'next', 'alone', 'next'] as const) {
      const { mask } = await engine.run(paint(loaded.model, 1, 0), undefined, continuity);
      answers.push(pick(loaded.model, mask));
    }
    expect(answers).to.deep.equal([
      [0.5, 0],
      [0.75, 0],
      [0.5, 0],
      [0.875, 0],
    ]);
    await engine.dispose();
    pool.terminate();
  });
});
