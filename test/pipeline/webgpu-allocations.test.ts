import { expect } from '@open-wc/testing';

import { recallUpload, rememberUpload } from '../../src/gpu/upload-memory.ts';
import { describeFrameKind } from '../../src/gpu/frame-upload.ts';
import type { ClassSelection, Effect, EffectOptions, MaskReading } from '../../src/stage.ts';
import { frameKinds, paintQuarters } from '../helpers/frame-kinds.ts';
import { createBitmap, paintFlat } from '../helpers/frames.ts';
import { createModel } from '../helpers/models.ts';
import { createEffect } from '../helpers/pipelines.ts';
import { createWebGpuRig } from '../helpers/rigs.ts';

const [width, height] = [64, 48];
const counted = {
  createBuffer: GPUDevice.prototype,
  createTexture: GPUDevice.prototype,
  createBindGroup: GPUDevice.prototype,
  mapAsync: GPUBuffer.prototype,
  submit: GPUQueue.prototype,
} as const;

type Counted = keyof typeof counted;
type Counts = Record<Counted, number>;
type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** Calls of one frame. */
function createCounts(): Counts {
  return { createBuffer: 0, createTexture: 0, createBindGroup: 0, mapAsync: 0, submit: 0 };
}

let counts = createCounts();
const restore: (() => void)[] = [];

function countCalls(name: Counted): void {
  const prototype = counted[name] as unknown as Record<string, AnyFunction>;
  const original = prototype[name] as AnyFunction;
  prototype[name] = function (...args) {
    counts[name]++;
    return original.apply(this, args);
  };
  restore.push(() => (prototype[name] = original));
}

/** Makes `way` the one that was the fastest for such frames, and returns the adapter for which it was. */
async function settleOn(way: string): Promise<string> {
  const adapterName = `test ${way}`;
  const frame = (await planar()) as VideoFrame;
  const kind = describeFrameKind(frame);
  frame.close();
  rememberUpload(adapterName, kind, way);
  while ((await recallUpload(adapterName, kind)) !== way) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return adapterName;
}

interface CountOptions {
  readonly surfaces?: number;
  /** Of a model that answers with logits of three classes. */
  readonly selection?: ClassSelection;
  readonly way?: string;
  /** Reads every mask so. */
  readonly reading?: MaskReading;
  readonly refine?: boolean;
}

/** What 20 frames call, one by one, after two that warm up. */
async function countFrames(
  options: EffectOptions,
  createFrame: () => Promise<VideoFrame | ImageBitmap>,
  { surfaces = 1, selection, way = 'planes', reading, refine = true }: CountOptions = {},
): Promise<Counts[]> {
  const adapterName = await settleOn(way);
  const three = { channels: 3, kind: 'logits', classes: ['a', 'b', 'c'] } as const;
  const model = createModel({ width: 16, height: 12, ...(selection && three) });
  const rig = await createWebGpuRig(model, adapterName);
  const { renderer, output, device } = rig;
  device.queue.writeBuffer(output, 0, new Float32Array(output.size / 4).fill(0.5));
  renderer.attachCanvas(new OffscreenCanvas(1, 1));
  const picture = await createBitmap(paintFlat(30, 20, [1, 2, 3, 255]));
  await renderer.setBackground(picture);
  const used = Array.from({ length: surfaces }, () => renderer.createSurface());
  const frames: Counts[] = [];
  for (let i = 0; i < 22 * surfaces; i++) {
    const frame = await createFrame();
    counts = createCounts();
    for (const surface of used.slice(i % surfaces, (i % surfaces) + 1)) {
      await renderer.upload(surface, frame);
      frame.close();
      renderer.preprocess(surface);
      // The output buffer stands in for the model's answer.
      const stream = { lingerMs: 300, timestampUs: 40_000 * i };
      renderer.postprocess(surface, output, { refine, stream, ...(selection && { selection }) });
      renderer.composite(surface, options);
      if (reading) await renderer.readMask(surface, reading);
      await renderer.finished();
    }
    frames.push(counts);
  }
  for (const surface of used) surface.destroy();
  await rig.dispose();
  return frames.slice(2 * surfaces);
}

function totalsOf(frames: readonly Counts[], name: Counted): number {
  return frames.reduce((sum, frame) => sum + frame[name], 0);
}

const planarKind = frameKinds.find(({ format }) => format === 'I420');
const planar = (): Promise<VideoFrame | ImageBitmap> => {
  if (!planarKind) throw new Error('There is no frame in I420.');
  return planarKind.create();
};
const bitmap = (): Promise<ImageBitmap> => createBitmap(paintQuarters(width, height));

describe('WebGpuRenderer, frame by frame,', () => {
  before(() => {
    for (const name of Object.keys(counted) as Counted[]) countCalls(name);
  });

  after(() => {
    for (const undo of restore.splice(0)) undo();
  });

  for (const effect of ['none', 'mask', 'cutout', 'blur', 'replace'] satisfies Effect[]) {
    for (const [title, createFrame, way, submits] of [
      // All before the model's run, and all after it.
      ['VideoFrames by their planes', planar, 'planes', 2],
      ['VideoFrames that the browser copies', planar, 'copy', 2],
      ['ImageBitmaps', bitmap, 'planes', 2],
      // What is imported expires with its task, and is another one each time.
      ['imported VideoFrames', planar, 'external', 3],
    ] as const) {
      it(`allocates nothing, maps nothing and submits as often for ${effect} with ${title}`, async () => {
        const frames = await countFrames(createEffect(effect), createFrame, { way });
        for (const name of ['createBuffer', 'createTexture', 'mapAsync'] as const) {
          expect(totalsOf(frames, name), name).to.equal(0);
        }
        expect(totalsOf(frames, 'createBindGroup')).to.equal(way === 'external' ? 20 : 0);
        expect(frames.map(({ submit }) => submit)).to.deep.equal(Array(20).fill(submits));
      });
    }
  }

  it('allocates nothing for masks as the model gives them', async () => {
    const frames = await countFrames(createEffect('cutout'), planar, { refine: false });
    const names = ['createBuffer', 'createTexture', 'createBindGroup', 'mapAsync'] as const;
    expect(names.map((name) => totalsOf(frames, name))).to.deep.equal([0, 0, 0, 0]);
  });

  it('allocates nothing with two surfaces in turn', async () => {
    const frames = await countFrames(createEffect('blur'), planar, { surfaces: 2 });
    const { createBuffer, createTexture, createBindGroup } = counted;
    const names = Object.keys({ createBuffer, createTexture, createBindGroup }) as Counted[];
    expect(names.map((name) => totalsOf(frames, name))).to.deep.equal([0, 0, 0]);
  });

  for (const values of ['levels', 'floats', 'classes'] as const) {
    it(`maps one buffer for each mask that is read as ${values}, and allocates nothing`, async () => {
      const reading = { width, height, values, threshold: 0.5 };
      const frames = await countFrames(createEffect('cutout'), planar, { reading });
      const names = ['createBuffer', 'createTexture', 'createBindGroup', 'mapAsync'] as const;
      expect(names.map((name) => totalsOf(frames, name))).to.deep.equal([0, 0, 0, 20]);
      expect(new Set(frames.map(({ submit }) => submit))).to.deep.equal(new Set([3]));
    });
  }

  for (const hasCategories of [false, true]) {
    it(`allocates nothing with several classes, ${hasCategories ? 'with' : 'without'} their map`, async () => {
      const selection = { foreground: [1], hasCategories };
      const values = hasCategories ? 'categories' : 'levels';
      const reading = { width, height, values, threshold: 0.5 } as const;
      const frames = await countFrames(createEffect('cutout'), planar, { selection, reading });
      const names = ['createBuffer', 'createTexture', 'createBindGroup', 'mapAsync'] as const;
      expect(names.map((name) => totalsOf(frames, name))).to.deep.equal([0, 0, 0, 20]);
      expect(new Set(frames.map(({ submit }) => submit))).to.deep.equal(new Set([3]));
    });
  }

  it('counts what is allocated', async () => {
    counts = createCounts();
    const rig = await createWebGpuRig(createModel());
    await rig.dispose();
    expect(counts.createBuffer).to.be.above(0);
  });
});
