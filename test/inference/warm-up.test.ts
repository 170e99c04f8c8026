import { expect } from '@open-wc/testing';

import { paintGolden, summarizeMask, type Golden } from '../../src/inference/golden.ts';
import { parseManifest } from '../../src/inference/manifest.ts';
import { warmUp } from '../../src/inference/warm-up.ts';
import { codeOf, messageOf, rejectionOf } from '../helpers/promises.ts';

const manifestUrl = '/test/assets/models/green.json';
const manifest = parseManifest((await (await fetch(manifestUrl)).json()) as unknown);
const size = { width: 64, height: 64 };
const green = { name: 'green', input: size, output: size };

/** Foreground where the pixel's green is high: a model good enough to be warmed up. */
function runGreen(pixels: Uint8ClampedArray): Promise<Float32Array> {
  return Promise.resolve(
    Float32Array.from({ length: pixels.length / 4 }, (_, i) => (pixels[4 * i + 1] ?? NaN) / 255),
  );
}

/** What `runGreen` answers to the painted picture. */
async function createGolden(tolerance: number): Promise<Golden> {
  const mask = await runGreen(paintGolden(64, 64));
  return { width: 8, height: 8, values: summarizeMask(mask, 64, 64, 8, 8), tolerance };
}

async function createManifest(tolerance = 2) {
  return { ...manifest, golden: await createGolden(tolerance) };
}

/** Changes every value of the mask. */
function runWith(change: (value: number) => number) {
  return async (pixels: Uint8ClampedArray) => (await runGreen(pixels)).map(change);
}

/** Takes the place of `performance.now` while `act` runs; `tick` lets time pass. */
async function inSimulatedTime<T>(act: (tick: (ms: number) => void) => Promise<T>): Promise<T> {
  let nowMs = 1000;
  performance.now = () => nowMs;
  try {
    return await act((ms) => (nowMs += ms));
  } finally {
    Reflect.deleteProperty(performance, 'now');
  }
}

/** Runs of the given durations; returns what was measured. */
function measureRuns(durationsMs: readonly number[], measure: boolean): Promise<number> {
  return inSimulatedTime((tick) => {
    const left = [...durationsMs];
    const run = (pixels: Uint8ClampedArray): Promise<Float32Array> => {
      tick(left.shift() ?? NaN);
      return runGreen(pixels);
    };
    return warmUp(green, null, run, measure);
  });
}

async function countRuns(measure: boolean): Promise<number> {
  let runs = 0;
  const run = (pixels: Uint8ClampedArray): Promise<Float32Array> => {
    runs++;
    return runGreen(pixels);
  };
  await warmUp(green, null, run, measure);
  return runs;
}

describe('warmUp', () => {
  it('runs once unless it is to measure', async () => {
    expect(await countRuns(false)).to.equal(1);
  });

  it('runs twice when it is to measure', async () => {
    expect(await countRuns(true)).to.equal(2);
  });

  it('returns the duration of the only run', async () => {
    expect(await measureRuns([300], false)).to.equal(300);
  });

  it('returns the duration of the second run, without the first', async () => {
    expect(await measureRuns([300, 7], true)).to.equal(7);
  });

  it("runs on the painted picture at the model's input size", async () => {
    const pictures: Uint8ClampedArray[] = [];
    const input = { ...green.input, width: 32, height: 18 };
    const run = (pixels: Uint8ClampedArray): Promise<Float32Array> => {
      pictures.push(pixels);
      return runGreen(pixels);
    };
    await warmUp({ ...green, input }, null, run, false);
    expect(pictures).to.deep.equal([paintGolden(32, 18)]);
  });

  it('accepts any answer of a model without a golden', async () => {
    await warmUp(green, manifest, () => Promise.resolve(new Float32Array(4096).fill(NaN)), false);
  });

  it('accepts the golden answer', async () => {
    await warmUp(green, await createManifest(), runGreen, true);
  });

  it('accepts an answer within the tolerance', async () => {
    const run = runWith((value) => value + 1.4 / 255);
    await warmUp(green, await createManifest(2), run, false);
  });

  const wrongs: readonly [what: string, change: (value: number) => number][] = [
    ['a mask outside the tolerance', (value) => value + 4 / 255],
    ['an inverted mask', (value) => 1 - value],
    ['an empty mask', () => 0],
    ['a mask of NaN', () => NaN],
    ['a mask of infinities', () => Infinity],
  ];
  for (const [what, change] of wrongs) {
    it(`rejects ${what} with backend-unavailable`, async () => {
      const call = warmUp(green, await createManifest(2), runWith(change), false);
      expect(await codeOf(call)).to.equal('backend-unavailable');
    });
  }

  it('rejects a mirrored mask with backend-unavailable', async () => {
    const run = async (pixels: Uint8ClampedArray): Promise<Float32Array> => {
      const mask = await runGreen(pixels);
      return mask.map((_, i) => mask[i - (i % 64) + 63 - (i % 64)] ?? NaN);
    };
    const call = warmUp(green, await createManifest(8), run, false);
    expect(await codeOf(call)).to.equal('backend-unavailable');
  });

  it('rejects a mask of another size with backend-unavailable', async () => {
    const run = () => Promise.resolve(new Float32Array(32 * 32));
    const call = warmUp(green, await createManifest(), run, false);
    expect(await codeOf(call)).to.equal('backend-unavailable');
  });

  it('does not run again on a device that computes wrong', async () => {
    let runs = 0;
    const run = (): Promise<Float32Array> => {
      runs++;
      return Promise.resolve(new Float32Array(4096));
    };
    await rejectionOf(warmUp(green, await createManifest(), run, true));
    expect(runs).to.equal(1);
  });

  it('names the model that is computed wrong', async () => {
    const call = warmUp(
      green,
      await createManifest(),
      runWith(() => 0),
      false,
    );
    expect(await messageOf(call)).to.include('computes green wrongly');
  });

  it('passes on the error of a run', async () => {
    const error = new Error('shader');
    const call = warmUp(green, null, () => Promise.reject(error), true);
    expect(await rejectionOf(call)).to.equal(error);
  });
});
