import { expect } from '@open-wc/testing';
import type { ModelInput } from '../../src/stage.ts';
import { stretchPlane } from '../helpers/reference-area.ts';
import { createGpuHarness, createModel, harnesses } from '../helpers/renderers.ts';

type LevelAt = (x: number, y: number) => readonly [number, number, number];

function createFrame(width: number, height: number, levelAt: LevelAt): VideoFrame {
  const data = new Uint8Array(4 * width * height).fill(255);
  for (let i = 0; i < width * height; i++)
    data.set(levelAt(i % width, Math.floor(i / width)), 4 * i);
  return new VideoFrame(data, {
    format: 'RGBA',
    codedWidth: width,
    codedHeight: height,
    timestamp: 0,
  });
}

function expectedRgb(
  width: number,
  height: number,
  levelAt: LevelAt,
  model: { width: number; height: number },
): number[] {
  const planes = [0, 1, 2].map((c) => {
    const values = Float64Array.from(
      { length: width * height },
      (_, i) => (levelAt(i % width, Math.floor(i / width))[c] ?? NaN) / 255,
    );
    return stretchPlane({ width, height, values }, model.width, model.height);
  });
  return Array.from(
    { length: 3 * model.width * model.height },
    (_, i) => planes[i % 3]?.[Math.floor(i / 3)] ?? NaN,
  );
}

const largest = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? NaN))), 0);

const smooth: LevelAt = (x, y) => [
  Math.round(127 + 120 * Math.sin(x / 9)),
  Math.round(127 + 120 * Math.cos(y / 7)),
  (x * 3) % 256 > 127 ? 200 : 60,
];
const noise: LevelAt = (x, y) => {
  const n = (i: number): number =>
    Math.floor(
      (Math.abs(Math.sin((x + 1) * 12.9898 + (y + 1) * 78.233 + i * 37.7) * 43758.5453) % 1) * 256,
    );
  return [n(0), n(1), n(2)];
};
const checkers: LevelAt = (x, y) => ((x + y) % 2 === 0 ? [0, 0, 0] : [255, 255, 255]);

/** Colours may differ by a level on the way into the texture or canvas. */
const exact = 2 / 255;
const cases: readonly [string, number, number, LevelAt, number, number][] = [
  // name, source, picture, tolerances: GPU, 2D (Skia filters by mipmaps or cubic resampling: no exact area)
  ['smooth, shrunk unevenly', 150, 66, smooth, exact, 0.12],
  ['as large as the model', 32, 24, smooth, exact, exact],
  ['grown', 12, 10, smooth, exact, 0.12],
  ['shrunk across, grown down', 80, 12, smooth, exact, 0.2],
];

for (const { name, create } of harnesses.slice(0, 2)) {
  describe(`preprocess, ${name}`, () => {
    for (const [what, width, height, levelAt, gpuTolerance, canvasTolerance] of cases) {
      it(`averages like the reference: ${what}`, async () => {
        const harness = await create(createModel(32, 24));
        const surface = harness.renderer.createSurface();
        const frame = createFrame(width, height, levelAt);
        await harness.renderer.upload(surface, frame);
        frame.close();
        const seen = await harness.sampleRgb(surface);
        const error = largest(seen, expectedRgb(width, height, levelAt, { width: 32, height: 24 }));
        expect(error).to.be.at.most(name === 'webgpu' ? gpuTolerance : canvasTolerance);
        await harness.dispose();
      });
    }

    it('turns a checkerboard of single pixels into flat grey', async () => {
      const harness = await create(createModel(32, 32));
      const surface = harness.renderer.createSurface();
      const frame = createFrame(160, 90, checkers);
      await harness.renderer.upload(surface, frame);
      frame.close();
      const seen = await harness.sampleRgb(surface);
      // An odd number of pixels under each target pixel leaves one more of a kind: 1 in 5 * 2.8.
      expect(Math.max(...seen) - Math.min(...seen)).to.be.at.most(0.16);
      await harness.dispose();
    });

    it('keeps noise near its area average', async () => {
      const harness = await create(createModel(32, 32));
      const surface = harness.renderer.createSurface();
      const frame = createFrame(160, 90, noise);
      await harness.renderer.upload(surface, frame);
      frame.close();
      const seen = await harness.sampleRgb(surface);
      const expected = expectedRgb(160, 90, noise, { width: 32, height: 32 });
      const rms = Math.sqrt(
        seen.reduce((sum, value, i) => sum + (value - (expected[i] ?? NaN)) ** 2, 0) / seen.length,
      );
      console.log(`${name}: rms error on noise ${rms.toFixed(4)}`);
      expect(rms).to.be.at.most(name === 'webgpu' ? exact : 0.12);
      await harness.dispose();
    });

    it('counts transparent parts as black', async () => {
      const harness = await create(createModel(8, 8));
      const surface = harness.renderer.createSurface();
      const data = new Uint8ClampedArray(4 * 64).map((_, i) => (i % 4 === 3 ? 128 : 255));
      const bitmap = await createImageBitmap(new ImageData(data, 8, 8));
      await harness.renderer.upload(surface, bitmap);
      bitmap.close();
      const seen = await harness.sampleRgb(surface);
      expect(
        largest(
          seen,
          seen.map(() => 128 / 255),
        ),
      ).to.be.at.most(exact);
      await harness.dispose();
    });
  });
}

describe('preprocess, tensor', () => {
  const layouts: readonly Partial<ModelInput>[] = [
    { layout: 'nhwc', order: 'rgb', range: [0, 1] },
    { layout: 'nchw', order: 'rgb', range: [-1, 1] },
    { layout: 'nhwc', order: 'bgr', range: [0, 255] },
    { layout: 'nchw', order: 'bgr', range: [0, 1] },
  ];
  for (const input of layouts) {
    it(`writes ${JSON.stringify(input)}`, async () => {
      const model = createModel(9, 7, input);
      const harness = await createGpuHarness(model);
      const surface = harness.renderer.createSurface();
      const levelAt: LevelAt = (x, y) => [10 * x, 20 * y, 200];
      const frame = createFrame(9, 7, levelAt);
      await harness.renderer.upload(surface, frame);
      frame.close();
      const seen = await harness.sampleRgb(surface);
      const [low, high] = model.input.range;
      const expected = Array.from({ length: 3 * 63 }, (_, i) => {
        const [pixel, channel] =
          input.layout === 'nhwc' ? [Math.floor(i / 3), i % 3] : [i % 63, Math.floor(i / 63)];
        const level =
          levelAt(pixel % 9, Math.floor(pixel / 9))[
            input.order === 'bgr' ? 2 - channel : channel
          ] ?? NaN;
        return low + (level / 255) * (high - low);
      });
      expect(largest(seen, expected)).to.be.at.most((high - low) * exact);
      await harness.dispose();
    });
  }
});
