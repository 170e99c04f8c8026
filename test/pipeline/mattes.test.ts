import { expect } from '@open-wc/testing';

import { ForegroundColors } from '../../src/postprocess/foreground-colors.ts';
import { copyGuide } from '../../src/postprocess/guide.ts';
import {
  alphaCurve,
  coarseFit,
  fineFit,
  GuidedFilter,
  type FitDetail,
} from '../../src/postprocess/guided-filter.ts';
import { slowShare, TemporalFilter } from '../../src/postprocess/temporal-filter.ts';
import type { MaskShaping } from '../../src/stage.ts';
import { createBitmap, paint, type Pixels } from '../helpers/frames.ts';
import { createModel } from '../helpers/models.ts';
import { createEffect } from '../helpers/pipelines.ts';
import { readSnapshot, rigKinds, type Rig } from '../helpers/rigs.ts';

const [width, height] = [64, 48];
/** As large as the frame, so that what the model sees are the frame's own pixels. */
const model = createModel();

/** An orange disc before a blue wall, with a gradient in both. */
function paintDisc(centreX: number): Pixels {
  return paint(width, height, (x, y) =>
    Math.hypot(x - centreX, y - 24) < 14 ? [230, 140 + y, 40, 255] : [40 + x, 60, 150 + y, 255],
  );
}

/** The disc as a model sees it: soft, and three pixels too large. */
function guessDisc(centreX: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: width * height }, (_, i) => {
    const distance = Math.hypot((i % width) - centreX, Math.floor(i / width) - 24);
    return 1 / (1 + Math.exp(distance - 17));
  });
}

/** What a layer of a fit holds at the pixel `i` of the frame, stretched in double precision. */
function sampleFit(
  { coefficients, gridWidth, gridHeight }: GuidedFilter,
  layer: number,
  channel: number,
  i: number,
): number {
  const at = (x: number, y: number): number => {
    const column = Math.min(Math.max(x, 0), gridWidth - 1);
    const row = layer * gridHeight + Math.min(Math.max(y, 0), gridHeight - 1);
    return coefficients[4 * (row * gridWidth + column) + channel] as number;
  };
  const x = (((i % width) + 0.5) * gridWidth) / width - 0.5;
  const y = ((Math.floor(i / width) + 0.5) * gridHeight) / height - 0.5;
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const mix = (row: number): number =>
    at(left, row) * (left + 1 - x) + at(left + 1, row) * (x - left);
  return mix(top) * (top + 1 - y) + mix(top + 1) * (y - top);
}

/** What the fit says of the frame's own pixels. */
function applyFit(filter: GuidedFilter, frame: Pixels): number[] {
  return Array.from({ length: frame.width * frame.height }, (_, i) => {
    let value = 0;
    for (let channel = 0; channel < 4; channel++) {
      const factor = sampleFit(filter, 0, channel, i);
      value += channel < 3 ? (factor * (frame.data[4 * i + channel] as number)) / 255 : factor;
    }
    const part = Math.min(
      Math.max((value - alphaCurve[0]) / (alphaCurve[1] - alphaCurve[0]), 0),
      1,
    );
    return 255 * part * part * (3 - 2 * part);
  });
}

interface Step {
  readonly frame: Pixels;
  readonly mask: Float32Array<ArrayBuffer>;
  readonly timestampUs: number;
}

/** The mask, in levels of 255, of the last of these frames. */
async function shape(
  rig: Rig,
  steps: readonly Step[],
  shapingOf: (step: Step) => MaskShaping,
): Promise<number[]> {
  const surface = rig.renderer.createSurface();
  for (const step of steps) {
    const bitmap = await createBitmap(step.frame);
    await rig.renderer.upload(surface, bitmap);
    bitmap.close();
    await rig.renderer.preprocess(surface);
    rig.renderer.postprocess(surface, rig.answer(step.mask), shapingOf(step));
  }
  const { data } = await readSnapshot(rig, surface, createEffect('mask'));
  const levels = Array.from({ length: width * height }, (_, i) => data[4 * i] as number);
  const masks = await rig.renderer.readMask(surface, {
    width,
    height,
    values: 'levels',
    threshold: 0.5,
  });
  // What a page gets is what is drawn.
  expectClose([...masks], levels, 2);
  await rig.dispose();
  return levels;
}

/** @param tolerance - In levels of 255. */
function expectClose(found: readonly number[], expected: readonly number[], tolerance: number) {
  const worst = found.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? NaN))),
    0,
  );
  expect(worst).to.be.at.most(tolerance);
}

function reference(steps: readonly Step[], detail: FitDetail, lingerMs: number): number[] {
  const filter = new GuidedFilter(model.output, detail);
  const temporal = new TemporalFilter(model.output);
  let lastUs = NaN;
  for (const { frame, mask, timestampUs } of steps) {
    const guide = new Uint8ClampedArray(frame.data.length);
    copyGuide(frame.data, model.input, guide, model.output);
    const slow = slowShare((timestampUs - lastUs) / 1000, lingerMs);
    lastUs = timestampUs;
    filter.fit(temporal.smooth(mask, guide, slow), guide);
  }
  return applyFit(filter, (steps.at(-1) as Step).frame);
}

const still: readonly Step[] = [{ frame: paintDisc(30), mask: guessDisc(30), timestampUs: 0 }];
/** The disc moves by two pixels, and the model changes its mind of it. */
const moving: readonly Step[] = [0, 1, 2].map((i) => ({
  frame: paintDisc(28 + 2 * i),
  mask: guessDisc(28 + 2 * i).map((value) => value * (1 - 0.2 * i)),
  timestampUs: 40_000 * i,
}));

for (const { title, create } of rigKinds) {
  const detail = title === 'WebGpuRenderer' ? fineFit : coarseFit;
  describe(`${title} shapes masks`, () => {
    it('as the reference does', async () => {
      const found = await shape(await create(model), still, () => ({ refine: true, stream: null }));
      // float32 and colours in 8 bits, times factors of up to 10.
      expectClose(found, reference(still, detail, 0), 4);
    });

    it('as the reference does in a stream', async () => {
      const found = await shape(await create(model), moving, ({ timestampUs }) => ({
        refine: true,
        stream: { lingerMs: 300, timestampUs },
      }));
      expectClose(found, reference(moving, detail, 300), 4);
    });

    it('to the outline that the colours have', async () => {
      const found = await shape(await create(model), still, () => ({ refine: true, stream: null }));
      const isPerson = (x: number): boolean => (found[24 * width + x] as number) > 127;
      // The model has it from 13 to 47.
      const columns = Array.from({ length: width }, (_, x) => x).filter(isPerson);
      expect([columns[0], columns.at(-1)]).to.deep.equal([17, 43]);
    });

    for (const effect of ['cutout', 'replace'] as const) {
      it(`and gives their edges the colours that the reference does for ${effect}`, async () => {
        const frame = paintSoftDisc();
        const { data } = await drawSoftDisc(await create(model), frame, true, effect);
        const filter = new GuidedFilter(model.output, detail);
        filter.fit(softMask, new Uint8ClampedArray(frame.data));
        new ForegroundColors(filter).find();
        const found: number[] = [];
        const expected: number[] = [];
        for (const [i, level] of applyFit(filter, frame).entries()) {
          if (level < 25 || level > 230) continue;
          const alpha = level / 255;
          for (let channel = 0; channel < 3; channel++) {
            const person = 255 * sampleFit(filter, 1, channel, i);
            const room = 255 * sampleFit(filter, 2, channel, i);
            const color = frame.data[4 * i + channel] as number;
            const value = person + alpha * (color - alpha * person - (1 - alpha) * room);
            // Before black, or premultiplied, which is the same.
            expected.push(alpha * Math.min(Math.max(value, 0), 255));
            found.push(((data[4 * i + channel] as number) * (data[4 * i + 3] as number)) / 255);
          }
        }
        expect(found.length).to.be.above(300);
        // As for alpha.
        expectClose(found, expected, 4);
      });
    }

    it('without a trace of the stream in a picture by itself, and the other way round', async () => {
      const [first, second, third] = moving as [Step, Step, Step];
      const other = { ...second, frame: paintDisc(50), mask: guessDisc(50), timestampUs: -1 };
      const found = await shape(await create(model), [first, other, third], ({ timestampUs }) => ({
        refine: false,
        stream: timestampUs < 0 ? null : { lingerMs: 300, timestampUs },
      }));
      const without = await shape(await create(model), [first, third], ({ timestampUs }) => ({
        refine: false,
        stream: { lingerMs: 300, timestampUs },
      }));
      expect(found).to.deep.equal(without);
    });

    it('anew after it was cleared', async () => {
      const rig = await create(model);
      const [first, , third] = moving as [Step, Step, Step];
      const shaping = { refine: false, stream: { lingerMs: 300, timestampUs: 0 } };
      const surface = rig.renderer.createSurface();
      for (const { frame, mask } of [first, third]) {
        const bitmap = await createBitmap(frame);
        await rig.renderer.upload(surface, bitmap);
        await rig.renderer.preprocess(surface);
        rig.renderer.clear();
        rig.renderer.postprocess(surface, rig.answer(mask), shaping);
      }
      const reading = { width, height, values: 'floats', threshold: 0.5 } as const;
      const found = await rig.renderer.readMask(surface, reading);
      expect([...found]).to.deep.equal([...third.mask]);
      await rig.dispose();
    });
  });
}

/** How much of a pixel is orange, 0..1: an edge as soft as hair, before blue. */
function softDisc(x: number, y: number): number {
  return Math.min(Math.max((20 - Math.hypot(x - 32, y - 24)) / 8, 0), 1);
}

const [orange, blue] = [
  [230, 140, 40],
  [30, 60, 220],
] as const;

function paintSoftDisc(): Pixels {
  return paint(width, height, (x, y) => {
    const share = softDisc(x, y);
    const mix = (channel: number): number =>
      Math.round(share * (orange[channel] as number) + (1 - share) * (blue[channel] as number));
    return [mix(0), mix(1), mix(2), 255];
  });
}

const softMask = Float32Array.from({ length: width * height }, (_, i) =>
  softDisc(i % width, Math.floor(i / width)),
);

/** The soft disc alone, or before black. */
async function drawSoftDisc(
  rig: Rig,
  frame: Pixels,
  refine: boolean,
  effect: 'cutout' | 'replace',
): Promise<ImageData> {
  const surface = rig.renderer.createSurface();
  const bitmap = await createBitmap(frame);
  await rig.renderer.upload(surface, bitmap);
  bitmap.close();
  await rig.renderer.preprocess(surface);
  rig.renderer.postprocess(surface, rig.answer(softMask), { refine, stream: null });
  const options = createEffect(effect, { backgroundColor: [0, 0, 0, 1] });
  const image = await readSnapshot(rig, surface, options);
  await rig.dispose();
  return image;
}

/** What is blue in the soft edge, beyond the blue that orange has: mean in levels of 255. */
async function measureHalo(rig: Rig, refine: boolean): Promise<number> {
  const { data } = await drawSoftDisc(rig, paintSoftDisc(), refine, 'cutout');
  const halo: number[] = [];
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3] as number;
    if (alpha > 50 && alpha < 205) halo.push((data[i + 2] as number) - orange[2]);
  }
  expect(halo.length).to.be.above(50);
  return halo.reduce((sum, value) => sum + value, 0) / halo.length;
}

for (const { title, create } of rigKinds) {
  it(`${title} leaves little of the room's colour in a soft edge`, async () => {
    const before = await measureHalo(await create(model), false);
    const after = await measureHalo(await create(model), true);
    // Half of 180 levels without.
    expect(before).to.be.within(60, 120);
    // The colour of the room is known as a mean of several pixels around, not there.
    expect(after).to.be.within(-15, before / 3);
  });
}
