import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { distribute, sum } from '../../bench/speed/statistics.ts';
import { formatTable } from '../../bench/table.ts';

const oneToTwenty = Array.from({ length: 20 }, (_, i) => 20 - i);

/** By the nearest-rank definition of a quantile: the smallest value that has at least that share at or below it. */
const distributions: readonly [values: readonly number[], median: number, p95: number][] = [
  [[7], 7, 7],
  [[3, 1, 2], 2, 3],
  [[4, 1, 3, 2], 2, 4],
  [oneToTwenty, 10, 19],
  [[...oneToTwenty, 1000], 11, 20],
];

describe('distribute', () => {
  for (const [values, median, p95] of distributions) {
    it(`takes the nearest ranks of ${values.length} values`, () => {
      assert.deepEqual(distribute(values), { median, p95, count: values.length });
    });
  }

  it('has no quantile of nothing', () => {
    assert.deepEqual(distribute([]), { median: NaN, p95: NaN, count: 0 });
  });

  it('leaves its values in their order', () => {
    const values = [3, 1, 2];
    distribute(values);
    assert.deepEqual(values, [3, 1, 2]);
  });
});

describe('sum', () => {
  it('adds up', () => assert.equal(sum([1, 2.5, -1]), 2.5));
  it('is 0 of nothing', () => assert.equal(sum([]), 0));
});

describe('formatTable', () => {
  it('puts text to the left and numbers to the right, with three digits that count', () => {
    const table = formatTable(
      ['row', 'value'],
      [
        ['one', 1.234],
        ['many', 12345.6],
        ['none', undefined],
        ['zero', 0],
      ],
    );
    assert.equal(
      table,
      [
        '| row  |  value |',
        '| ---- | -----: |',
        '| one  |   1.23 |',
        '| many | 12,346 |',
        '| none |      – |',
        '| zero |      0 |',
      ].join('\n'),
    );
  });
});
