import { expect } from '@open-wc/testing';

import { orient } from '../../src/gpu/orientation.ts';

/** Where the stored top left corner and the point a quarter to its right are displayed; worked out on paper. */
const cases: readonly [
  rotation: number,
  flip: boolean,
  corner: [number, number],
  right: [number, number],
][] = [
  [0, false, [0, 0], [0.25, 0]],
  [90, false, [1, 0], [1, 0.25]],
  [180, false, [1, 1], [0.75, 1]],
  [270, false, [0, 1], [0, 0.75]],
  [0, true, [1, 0], [0.75, 0]],
  [90, true, [0, 0], [0, 0.25]],
  [180, true, [0, 1], [0.25, 1]],
  [270, true, [1, 1], [1, 0.75]],
];

describe('orient', () => {
  for (const [rotation, flip, corner, right] of cases) {
    it(`finds what is displayed at ${rotation} degrees${flip ? ', mirrored' : ''}`, () => {
      const { matrix, offset } = orient(rotation, flip);
      const storedOf = ([x, y]: [number, number]): number[] => [
        matrix[0] * x + matrix[1] * y + offset[0],
        matrix[2] * x + matrix[3] * y + offset[1],
      ];
      expect(storedOf(corner)).to.deep.equal([0, 0]);
      expect(storedOf(right)).to.deep.equal([0.25, 0]);
    });
  }
});
