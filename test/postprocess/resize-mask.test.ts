import { expect } from '@open-wc/testing';

import { resizeMask } from '../../src/postprocess/resize-mask.ts';

interface Case {
  readonly title: string;
  readonly from: readonly [width: number, height: number];
  readonly source: readonly number[];
  readonly to: readonly [width: number, height: number];
  readonly target: readonly number[];
}

function resize({ source, from, to }: Case): number[] {
  const target = new Float32Array(to[0] * to[1]);
  resizeMask(Float32Array.from(source), ...from, target, ...to);
  return [...target];
}

/** Positions and values are float32: one in 2^24, four operations. */
const tolerance = 1e-6;

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return a.length === b.length
    ? Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN))))
    : NaN;
}

// Target pixel i looks at source position (i + 0.5) * sourceSize / targetSize - 0.5.
const table: readonly Case[] = [
  // -0.25, 0.25, 0.75, 1.25
  { title: 'doubles a row', from: [2, 1], source: [0, 1], to: [4, 1], target: [0, 0.25, 0.75, 1] },
  // -1/6, 1/2, 7/6
  { title: 'takes 2 to 3', from: [2, 1], source: [0.2, 0.6], to: [3, 1], target: [0.2, 0.4, 0.6] },
  // 0.5, 2.5
  {
    title: 'halves a row',
    from: [4, 1],
    source: [0, 1, 0.5, 0.25],
    to: [2, 1],
    target: [0.5, 0.375],
  },
  // 0.25, 1.75
  { title: 'takes 3 to 2', from: [3, 1], source: [0, 1, 0], to: [2, 1], target: [0.25, 0.25] },
  // 1.5
  { title: 'takes 4 to 1', from: [4, 1], source: [9, 0.25, 0.75, 9], to: [1, 1], target: [0.5] },
  {
    title: 'doubles a column',
    from: [1, 2],
    source: [0, 1],
    to: [1, 4],
    target: [0, 0.25, 0.75, 1],
  },
  {
    title: 'halves a column',
    from: [1, 4],
    source: [0, 1, 0.5, 0.25],
    to: [1, 2],
    target: [0.5, 0.375],
  },
  {
    title: 'grows both ways at once',
    from: [2, 2],
    source: [0, 1, 0.5, 0.5],
    to: [4, 3],
    // Rows at -1/6, 1/2, 7/6; columns as in "doubles a row".
    target: [0, 0.25, 0.75, 1, 0.25, 0.375, 0.625, 0.75, 0.5, 0.5, 0.5, 0.5],
  },
  {
    title: 'shrinks across while it grows down',
    from: [4, 2],
    source: [0, 1, 0.5, 0.25, 1, 1, 0, 0],
    to: [2, 4],
    target: [0.5, 0.375, 0.625, 0.28125, 0.875, 0.09375, 1, 0],
  },
  {
    title: 'keeps the mean of a checkerboard that is halved',
    from: [4, 4],
    source: [0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0, 1, 0],
    to: [2, 2],
    target: [0.5, 0.5, 0.5, 0.5],
  },
  {
    title: 'spreads one value',
    from: [1, 1],
    source: [0.3],
    to: [3, 2],
    target: Array.from({ length: 6 }, () => 0.3),
  },
  { title: 'takes 1x1 to 1x1', from: [1, 1], source: [0.7], to: [1, 1], target: [0.7] },
];

describe('resizeMask', () => {
  for (const row of table) {
    it(row.title, () => {
      expect(largestDifference(resize(row), row.target)).to.be.below(tolerance);
    });
  }

  for (const [width, height] of [
    [1, 1],
    [5, 3],
    [3, 5],
    [64, 48],
  ] as const) {
    it(`leaves ${width}x${height} as it is`, () => {
      const source = Float32Array.from(
        { length: width * height },
        (_, i) => Math.fround(i / 7) % 1,
      );
      const target = new Float32Array(source.length);
      resizeMask(source, width, height, target, width, height);
      expect([...target]).to.deep.equal([...source]);
    });
  }

  it('stays within the values it was given', () => {
    const source = Float32Array.from({ length: 63 }, (_, i) => (i * 37) % 2);
    const target = new Float32Array(31 * 17);
    resizeMask(source, 9, 7, target, 31, 17);
    expect([Math.min(...target), Math.max(...target)]).to.deep.equal([0, 1]);
  });

  it('leaves its source as it is', () => {
    const source = Float32Array.of(0, 0.5, 1, 0.25);
    resizeMask(source, 2, 2, new Float32Array(9), 3, 3);
    expect([...source]).to.deep.equal([0, 0.5, 1, 0.25]);
  });

  it('is the mirror image for a mirrored mask', () => {
    const source = [0, 0.1, 0.9, 0.4, 0.6];
    const resized = (values: readonly number[]): number[] =>
      resize({ title: '', from: [5, 1], source: values, to: [12, 1], target: [] });
    const difference = largestDifference(resized(source), resized([...source].reverse()).reverse());
    expect(difference).to.be.below(tolerance);
  });
});
