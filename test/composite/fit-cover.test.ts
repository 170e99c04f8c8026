import { expect } from '@open-wc/testing';

import { fitCover } from '../../src/composite/fit-cover.ts';

type Size = readonly [width: number, height: number];
type Part = readonly [x: number, y: number, width: number, height: number];

const table: readonly [title: string, picture: Size, box: Size, part: Part][] = [
  ['the same size', [640, 480], [640, 480], [0, 0, 1, 1]],
  ['the same shape, smaller', [64, 48], [640, 480], [0, 0, 1, 1]],
  ['the same shape, larger', [1280, 960], [640, 480], [0, 0, 1, 1]],
  ['twice as wide', [200, 100], [100, 100], [0.25, 0, 0.5, 1]],
  ['twice as tall', [100, 200], [100, 100], [0, 0.25, 1, 0.5]],
  ['four times as wide, smaller', [40, 10], [100, 100], [0.375, 0, 0.25, 1]],
  ['a square for a wide box', [100, 100], [160, 90], [0, 0.21875, 1, 0.5625]],
  ['a square for a tall box', [100, 100], [90, 160], [0.21875, 0, 0.5625, 1]],
  ['one pixel', [1, 1], [160, 90], [0, 0.21875, 1, 0.5625]],
];

describe('fitCover', () => {
  for (const [title, [width, height], [boxWidth, boxHeight], expected] of table) {
    it(`shows of a picture that is ${title} what covers the box`, () => {
      const part = fitCover({ width, height }, { width: boxWidth, height: boxHeight });
      const rounded = [
        part.x / width,
        part.y / height,
        part.width / width,
        part.height / height,
      ].map((share) => +share.toFixed(9));
      expect(rounded).to.deep.equal(expected);
    });
  }

  it('shows a part of the shape of the box', () => {
    const [picture, box] = [
      { width: 1234, height: 567 },
      { width: 321, height: 654 },
    ];
    const part = fitCover(picture, box);
    const shape = part.width / part.height;
    expect(shape).to.be.closeTo(box.width / box.height, 1e-9);
  });
});
