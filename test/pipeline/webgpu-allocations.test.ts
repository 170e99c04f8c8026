import { expect } from '@open-wc/testing';

import type { Effect, EffectOptions } from '../../src/stage.ts';
import { paintQuarters } from '../helpers/frame-kinds.ts';
import { createBitmap, createRgbaFrame, paintFlat } from '../helpers/frames.ts';
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

/** What 20 frames call, one by one, after two that warm up. */
async function countFrames(
  options: EffectOptions,
  createFrame: () => Promise<VideoFrame | ImageBitmap>,
  surfaces = 1,
): Promise<Counts[]> {
  const rig = await createWebGpuRig(createModel({ width: 16, height: 12 }));
  const { renderer, output, device } = rig;
  device.queue.writeBuffer(output, 0, new Float32Array(16 * 12).fill(0.5));
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
      renderer.postprocess(surface, output);
      renderer.composite(surface, options);
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

const videoFrame = (): Promise<VideoFrame> =>
  Promise.resolve(createRgbaFrame(paintQuarters(width, height)));
const bitmap = (): Promise<ImageBitmap> => createBitmap(paintQuarters(width, height));

describe('WebGpuRenderer, frame by frame,', () => {
  before(() => {
    for (const name of Object.keys(counted) as Counted[]) countCalls(name);
  });

  after(() => {
    for (const undo of restore.splice(0)) undo();
  });

  for (const effect of ['none', 'mask', 'cutout', 'blur', 'replace'] satisfies Effect[]) {
    for (const [title, createFrame] of [
      ['VideoFrames', videoFrame],
      ['ImageBitmaps', bitmap],
    ] as const) {
      it(`allocates nothing and maps nothing for ${effect} with ${title}`, async () => {
        const frames = await countFrames(createEffect(effect), createFrame);
        for (const name of [
          'createBuffer',
          'createTexture',
          'createBindGroup',
          'mapAsync',
        ] as const) {
          expect(totalsOf(frames, name), name).to.equal(0);
        }
      });
    }

    it(`submits as often for each frame with ${effect}`, async () => {
      const frames = await countFrames(createEffect(effect), videoFrame);
      const submits = frames.map(({ submit }) => submit);
      expect([submits.length, new Set(submits).size]).to.deep.equal([20, 1]);
    });

    it(`submits three times at most for a frame with ${effect}`, async () => {
      // Preprocess, postprocess, composite: the model runs between the first two.
      const frames = await countFrames(createEffect(effect), videoFrame);
      expect(frames[0]?.submit).to.be.within(1, 3);
    });
  }

  it('allocates nothing with two surfaces in turn', async () => {
    const frames = await countFrames(createEffect('blur'), videoFrame, 2);
    const { createBuffer, createTexture, createBindGroup } = counted;
    const names = Object.keys({ createBuffer, createTexture, createBindGroup }) as Counted[];
    expect(names.map((name) => totalsOf(frames, name))).to.deep.equal([0, 0, 0]);
  });

  it('counts what is allocated', async () => {
    counts = createCounts();
    const rig = await createWebGpuRig(createModel());
    await rig.dispose();
    expect(counts.createBuffer).to.be.above(0);
  });
});
