import { expect } from '@open-wc/testing';

import { slowShare, TemporalFilter, toLingerMs } from '../../src/postprocess/temporal-filter.ts';

// Not divided by blocks.
const size = { width: 10, height: 6 };
const pixels = size.width * size.height;

function createMask(value: number): Float32Array {
  return new Float32Array(pixels).fill(value);
}

function createPicture(grey: number): Uint8ClampedArray {
  return new Uint8ClampedArray(4 * pixels).fill(grey);
}

interface Case {
  readonly title: string;
  /** After a mask of 0 and a picture of 100: a mask of 1 with this picture. */
  readonly grey: number;
  readonly slow: number;
  readonly smoothed: number;
}

const table: readonly Case[] = [
  { title: 'follows', grey: 100, slow: 0.25, smoothed: 0.25 },
  // 12 of 255 are under 0.05.
  { title: 'ignores noise', grey: 112, slow: 0, smoothed: 0 },
  // 52 of 255 are over 0.2.
  { title: 'follows a movement at once', grey: 152, slow: 0, smoothed: 1 },
  { title: 'starts anew at a cut', grey: 250, slow: 0, smoothed: 1 },
  { title: 'gives a mask as it is where nothing came before', grey: 100, slow: 1, smoothed: 1 },
];

describe('TemporalFilter', () => {
  for (const { title, grey, slow, smoothed } of table) {
    it(title, () => {
      const filter = new TemporalFilter(size);
      filter.smooth(createMask(0), createPicture(100), 1);
      const found = filter.smooth(createMask(1), createPicture(grey), slow);
      for (const value of found) expect(value).to.be.closeTo(smoothed, 1e-6);
    });
  }

  it('moves what moves and holds what does not, in one picture', () => {
    const filter = new TemporalFilter(size);
    filter.smooth(createMask(0), createPicture(100), 1);
    const picture = createPicture(100);
    // The first block.
    for (let y = 0; y < 4; y++) picture.fill(200, 4 * y * size.width, 4 * (y * size.width + 4));
    const found = filter.smooth(createMask(1), picture, 0);
    expect([found[0], found[3], found[4], found[pixels - 1]]).to.deep.equal([1, 1, 0, 0]);
  });
});

describe('slowShare', () => {
  for (const [title, elapsedMs, lingerMs, share] of [
    ['two thirds after its time constant', 300, 300, 1 - Math.exp(-1)],
    ['nothing at once', 0, 300, 0],
    ['all after a seek back', -40, 300, 1],
    ['all where nothing came before', NaN, 300, 1],
    ['all without smoothing', 40, 0, 1],
  ] as const) {
    it(`is ${title}`, () => {
      expect(slowShare(elapsedMs, lingerMs)).to.be.closeTo(share, 1e-12);
    });
  }

  it('comes as far in two short steps as in one long', () => {
    const left = 1 - slowShare(20, 300);
    expect(1 - left * left).to.be.closeTo(slowShare(40, 300), 1e-12);
  });

  it('lingers from 0 to 600 ms', () => {
    expect([0, 0.5, 1].map(toLingerMs)).to.deep.equal([0, 150, 600]);
  });
});
