import { expect } from '@open-wc/testing';

import { RefineBudget } from '../../src/postprocess/refine-budget.ts';

function isOver(inferenceMs: number, timesMs: readonly number[]): boolean {
  const budget = new RefineBudget(inferenceMs);
  for (const timeMs of timesMs) budget.record(timeMs);
  return budget.isOver;
}

function repeat(count: number, timeMs: number): number[] {
  return new Array<number>(count).fill(timeMs);
}

describe('RefineBudget', () => {
  for (const [title, inferenceMs, timesMs, over] of [
    ['is kept by a quarter of the model’s time', 10, repeat(40, 2.5), false],
    ['is not kept by more', 10, repeat(40, 2.6), true],
    ['says nothing before it is sure', 10, repeat(19, 9), false],
    ['leaves out what pays for compiling', 10, [...repeat(10, 9), ...repeat(30, 1)], false],
    ['leaves out what was disturbed', 10, [...repeat(15, 1), ...repeat(30, 9)], false],
    ['leaves out nothing good that compiling had', 10, [1, ...repeat(30, 9)], true],
  ] as const) {
    it(title, () => {
      expect(isOver(inferenceMs, timesMs)).to.equal(over);
    });
  }
});
