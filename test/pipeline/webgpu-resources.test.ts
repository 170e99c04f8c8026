import { expect } from '@open-wc/testing';
import { createGpuHarness, createModel, createOptions } from '../helpers/renderers.ts';

type Counts = Record<string, number>;

/** Counts calls of GPU methods until `stop`. */
function countCalls(): { readonly counts: Counts; stop(): void } {
  const counts: Counts = {};
  const restore: (() => void)[] = [];
  const hook = (prototype: object, name: string): void => {
    const owner = prototype as Record<string, (...args: unknown[]) => unknown>;
    const original = owner[name];
    if (!original) throw new Error(`no ${name}`);
    counts[name] = 0;
    owner[name] = function (this: unknown, ...args) {
      counts[name] = (counts[name] ?? 0) + 1;
      return original.apply(this, args);
    };
    restore.push(() => (owner[name] = original));
  };
  hook(GPUBuffer.prototype, 'mapAsync');
  hook(GPUQueue.prototype, 'submit');
  hook(GPUQueue.prototype, 'writeBuffer');
  for (const name of ['createBuffer', 'createTexture', 'createBindGroup', 'createSampler']) {
    hook(GPUDevice.prototype, name);
  }
  return { counts, stop: () => restore.forEach((undo) => undo()) };
}

describe('WebGpuRenderer, after warm-up', () => {
  for (const effect of ['none', 'mask', 'cutout', 'blur', 'replace'] as const) {
    it(`makes and reads nothing for a frame of ${effect}`, async () => {
      const harness = await createGpuHarness(createModel(16, 12));
      const { renderer } = harness;
      const picture = await createImageBitmap(new ImageData(20, 20));
      await renderer.setBackground(picture);
      picture.close();
      renderer.attachCanvas(new OffscreenCanvas(1, 1));
      const surfaces = [renderer.createSurface(), renderer.createSurface()];
      const output = new Float32Array(16 * 12).fill(0.5);
      const showFrames = async (run: (showFrame: () => Promise<void>) => Promise<void>) => {
        let i = 0;
        await run(async () => {
          const surface = surfaces[i++ % 2];
          if (!surface) throw new Error('no surface');
          const canvas = new OffscreenCanvas(64, 48);
          canvas.getContext('2d')?.fillRect(0, 0, 64, 48);
          const frame = new VideoFrame(canvas, { timestamp: 0 });
          await renderer.upload(surface, frame);
          frame.close();
          renderer.preprocess(surface);
          harness.setMask(surface, output);
          renderer.composite(surface, createOptions({ effect, blurRadiusPx: 6 }));
          await renderer.finished();
        });
      };
      await showFrames(async (showFrame) => {
        for (let i = 0; i < 4; i++) await showFrame();
        const calls = countCalls();
        try {
          for (let i = 0; i < 3; i++) await showFrame();
        } finally {
          calls.stop();
        }
        // Three submits a frame: before inference, after it, composite. The harness itself writes the model's answer.
        expect(calls.counts).to.deep.equal({
          mapAsync: 0,
          submit: 9,
          writeBuffer: 3,
          createBuffer: 0,
          createTexture: 0,
          createBindGroup: 0,
          createSampler: 0,
        });
      });
      for (const surface of surfaces) surface.destroy();
      await harness.dispose();
    });
  }

  it('goes through a bitmap, and keeps to it, where VideoFrames cannot be copied', async () => {
    const harness = await createGpuHarness(createModel(16, 12));
    const original = GPUQueue.prototype.copyExternalImageToTexture;
    let refusals = 0;
    GPUQueue.prototype.copyExternalImageToTexture = function (this: GPUQueue, source, ...rest) {
      if (source.source instanceof VideoFrame) {
        refusals++;
        throw new TypeError('no VideoFrames here');
      }
      return original.call(this, source, ...rest);
    };
    try {
      const canvas = new OffscreenCanvas(64, 48);
      canvas.getContext('2d')?.fillRect(0, 0, 64, 48);
      const surface = harness.renderer.createSurface();
      for (let i = 0; i < 2; i++) {
        const frame = new VideoFrame(canvas, { timestamp: 0, rotation: 90 } as VideoFrameInit);
        await harness.renderer.upload(surface, frame);
        frame.close();
      }
      expect([surface.width, surface.height, refusals]).to.deep.equal([48, 64, 1]);
      surface.destroy();
    } finally {
      GPUQueue.prototype.copyExternalImageToTexture = original;
      await harness.dispose();
    }
  });
});
