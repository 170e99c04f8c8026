import { expect } from '@open-wc/testing';

import { PoolSizer } from '../../src/inference/pool-sizer.ts';

/** A stream of frames through a pool, in simulated time. */
interface Plan {
  readonly max: number;
  /** Between two frames of the source. */
  readonly frameMs: number;
  /** Frames a second that so many workers can answer. */
  readonly rates: readonly number[];
  readonly seconds: number;
  /** A worker that is asked for does not come. */
  readonly hasNoMemory?: boolean;
}

/** Sizes of the pool, one after the other. */
function simulate({ max, frameMs, rates, seconds, hasNoMemory = false }: Plan): {
  sizes: number[];
  sizer: PoolSizer;
} {
  const sizer = new PoolSizer(max, 0);
  const sizes = [1];
  let size = 1;
  let nowMs = 0;
  let nextFrameMs = 0;
  const answersMs: number[] = [];
  while (nowMs < 1000 * seconds) {
    const answerMs = answersMs[0] ?? Infinity;
    const hasRoom = answersMs.length <= size;
    if (hasRoom && nextFrameMs <= answerMs) {
      nowMs = nextFrameMs;
      sizer.push(nowMs);
      const serviceMs = 1000 / (rates[size - 1] ?? 1);
      // All workers together answer at an even rate; a frame is with them for as long as there are others before it.
      answersMs.push(Math.max(nowMs + serviceMs * size, (answersMs.at(-1) ?? 0) + serviceMs));
      nextFrameMs += frameMs;
      continue;
    }
    nowMs = answerMs;
    answersMs.shift();
    nextFrameMs = Math.max(nextFrameMs, nowMs);
    const sizing = sizer.settle(nowMs, true);
    if (sizing === 'stay') continue;
    if (sizing === 'grow' && hasNoMemory) {
      sizer.refused(nowMs);
      continue;
    }
    size += sizing === 'grow' ? 1 : -1;
    sizes.push(size);
    sizer.resized(nowMs, size);
  }
  return { sizes, sizer };
}

describe('PoolSizer, in simulated time', () => {
  const table: readonly [what: string, plan: Plan, sizes: readonly number[]][] = [
    ['one is enough', { max: 4, frameMs: 33, rates: [60, 100], seconds: 30 }, [1]],
    [
      'each worker helps',
      { max: 4, frameMs: 8, rates: [20, 40, 60, 80], seconds: 30 },
      [1, 2, 3, 4],
    ],
    ['two are enough', { max: 4, frameMs: 33, rates: [20, 40, 60], seconds: 30 }, [1, 2]],
    [
      'a second one gains nothing',
      { max: 4, frameMs: 8, rates: [40, 41, 42], seconds: 30 },
      [1, 2, 1],
    ],
    [
      'the third gains nothing',
      { max: 4, frameMs: 8, rates: [20, 36, 37], seconds: 30 },
      [1, 2, 3, 2],
    ],
    ['there is one core', { max: 1, frameMs: 8, rates: [20, 40], seconds: 30 }, [1]],
    ['the model is slow', { max: 2, frameMs: 33, rates: [3, 6], seconds: 60 }, [1, 2]],
  ];
  for (const [what, plan, sizes] of table) {
    it(`takes ${sizes.join(', ')} if ${what}`, () => {
      expect(simulate(plan).sizes).to.deep.equal(sizes);
    });
  }

  it('tells how many pay', () => {
    const { sizer } = simulate({ max: 4, frameMs: 8, rates: [20, 36, 37], seconds: 30 });
    expect(sizer.max).to.equal(2);
  });

  it('asks no more when there is no memory', () => {
    const plan: Plan = { max: 4, frameMs: 8, rates: [20, 40], seconds: 60, hasNoMemory: true };
    const { sizes, sizer } = simulate(plan);
    expect([sizes, sizer.max]).to.deep.equal([[1], 1]);
  });

  it('decides nothing by stills', () => {
    const sizer = new PoolSizer(4, 0);
    for (let nowMs = 0; nowMs < 60_000; nowMs += 5000) {
      sizer.push(nowMs);
      expect(sizer.settle(nowMs + 100, true)).to.equal('stay');
    }
  });
});
