import { expect } from '@open-wc/testing';

import { copyGuide } from '../../src/postprocess/guide.ts';

/** Each pixel tells where it is. */
function createPicture(width: number, height: number): Uint8ClampedArray {
  const picture = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    picture.set([i % width, Math.floor(i / width), 7, 255], 4 * i);
  }
  return picture;
}

function copy(input: [number, number], output: [number, number]): number[][] {
  const sizeOf = ([width, height]: [number, number]) => ({ width, height });
  const guide = new Uint8ClampedArray(4 * output[0] * output[1]);
  copyGuide(createPicture(...input), sizeOf(input), guide, sizeOf(output));
  return Array.from({ length: output[0] * output[1] }, (_, i) => [
    ...guide.subarray(4 * i, 4 * i + 4),
  ]);
}

describe('copyGuide', () => {
  it('copies what is as large', () => {
    expect(copy([2, 1], [2, 1])).to.deep.equal([
      [0, 0, 7, 255],
      [1, 0, 7, 255],
    ]);
  });

  it('takes the pixels over the centres of those of a smaller mask', () => {
    expect(copy([6, 3], [2, 1])).to.deep.equal([
      [1, 1, 7, 255],
      [4, 1, 7, 255],
    ]);
  });

  it('takes pixels twice for a larger mask', () => {
    expect(copy([1, 1], [2, 1])).to.deep.equal([
      [0, 0, 7, 255],
      [0, 0, 7, 255],
    ]);
  });
});
