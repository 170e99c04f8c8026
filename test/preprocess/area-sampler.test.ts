import { expect } from '@open-wc/testing';

import { CanvasSampler } from '../../src/preprocess/canvas-sampler.ts';
import { paint, paintFlat, type Pixels } from '../helpers/frames.ts';
import { createModel } from '../helpers/models.ts';
import { contextOf } from '../helpers/pictures.ts';
import { resampleReference } from '../helpers/reference-resample.ts';

function createCanvas({ width, height, data }: Pixels): OffscreenCanvas {
  const canvas = new OffscreenCanvas(width, height);
  contextOf(canvas).putImageData(new ImageData(data, width, height), 0, 0);
  return canvas;
}

function createSampler(width: number, height: number): CanvasSampler {
  return new CanvasSampler(createModel({}, { width, height }).input);
}

/** Largest and mean difference from the exact area filter, in levels of 255. */
function differences(pixels: Pixels, width: number, height: number): readonly [number, number] {
  const sampled = createSampler(width, height).sample(createCanvas(pixels));
  const reference = resampleReference(pixels, width, height);
  let [largest, sum] = [0, 0];
  for (const [i, level] of reference.entries()) {
    const [pixel, channel] = [Math.floor(i / 3), i % 3];
    const difference = Math.abs(255 * level - (sampled[4 * pixel + channel] ?? NaN));
    if (!(difference <= largest)) largest = difference;
    sum += difference;
  }
  return [largest, sum / reference.length];
}

/** Waves of 16 pixels and more, as large shapes in a picture are. */
function paintWaves(width: number, height: number): Pixels {
  const wave = (at: number, length: number): number =>
    127.5 + 127.5 * Math.sin((2 * Math.PI * at) / length);
  return paint(width, height, (x, y) => [wave(x, 32), wave(y, 32), wave(x + y, 24), 255]);
}

const waves = paintWaves(128, 96);

describe('CanvasSampler', () => {
  /**
   * What a browser does when it shrinks is its own affair: Chromium halves as often as it can and interpolates the
   * rest. That is exact for powers of two, but for 8 bits between the steps. Else its footprint is smaller or larger than
   * the exact one by up to a half: at a fifth of the size, a wave of 24 pixels in both directions keeps 86 % of its
   * height in the exact filter and up to 95 % in the browser's, and its steepest place moves a little.
   */
  const byPowerOfTwo = 2;
  const byOther = 20;
  const byOtherOnAverage = 4;

  for (const [width, height, why] of [
    [64, 48, 'by 2'],
    [32, 24, 'by 4'],
    [128, 96, 'by 1'],
  ] as const) {
    it(`shrinks ${why}`, () => {
      expect(differences(waves, width, height)[0]).to.be.at.most(byPowerOfTwo);
    });
  }

  for (const [width, height, why] of [
    [80, 60, 'by 1.6'],
    [50, 38, 'by 2.56 and 2.53'],
    [42, 32, 'by 3'],
    [25, 19, 'by 5.1'],
  ] as const) {
    it(`shrinks ${why}`, () => {
      const [largest, mean] = differences(waves, width, height);
      expect([largest <= byOther, mean <= byOtherOnAverage], `${largest}, ${mean}`).to.deep.equal([
        true,
        true,
      ]);
    });
  }

  for (const [width, height, why] of [
    [256, 192, 'by 2'],
    [200, 150, 'by 1.6'],
  ] as const) {
    it(`grows ${why}`, () => {
      // Bilinear as the reference is, with weights of 8 bits and rounded once for each axis.
      expect(differences(waves, width, height)[0]).to.be.at.most(3);
    });
  }

  for (const factor of [2, 4, 8]) {
    it(`turns a checkerboard of single pixels to flat grey by ${factor}`, () => {
      const board = paint(128, 96, (x, y) => ((x + y) % 2 ? [255, 255, 255, 255] : [0, 0, 0, 255]));
      const [largest] = differences(board, 128 / factor, 96 / factor);
      expect(largest).to.be.at.most(byPowerOfTwo);
    });
  }

  it('turns a checkerboard of single pixels to nearly flat grey by 3', () => {
    const board = paint(126, 96, (x, y) => ((x + y) % 2 ? [255, 255, 255, 255] : [0, 0, 0, 255]));
    const sampled = createSampler(42, 32).sample(createCanvas(board));
    const levels = sampled.filter((_, i) => i % 4 === 0);
    const spread = Math.max(...levels) - Math.min(...levels);
    // 255 is what looking at one pixel of each footprint gives.
    expect(spread).to.be.at.most(40);
  });

  it('has the channels where they belong', () => {
    const sampled = createSampler(1, 1).sample(createCanvas(paintFlat(4, 4, [255, 51, 0, 255])));
    expect([...sampled]).to.deep.equal([255, 51, 0, 255]);
  });

  it('has the rows where they belong', () => {
    const rows = paint(4, 4, (_, y) => (y < 2 ? [255, 0, 0, 255] : [0, 0, 255, 255]));
    const sampled = createSampler(1, 2).sample(createCanvas(rows));
    expect([...sampled]).to.deep.equal([255, 0, 0, 255, 0, 0, 255, 255]);
  });

  it('forgets the frame before', () => {
    const sampler = createSampler(2, 2);
    sampler.sample(createCanvas(paintFlat(4, 4, [255, 0, 0, 255])));
    const sampled = sampler.sample(createCanvas(paintFlat(4, 4, [0, 0, 255, 0])));
    expect(sampled.filter((level, i) => i % 4 !== 3 && level !== 0).length).to.equal(0);
  });

  it('takes frames of changing size', () => {
    const sampler = createSampler(2, 2);
    sampler.sample(createCanvas(paintFlat(8, 2, [255, 0, 0, 255])));
    const sampled = sampler.sample(createCanvas(paintFlat(3, 9, [0, 0, 255, 255])));
    expect([...sampled.slice(0, 4)]).to.deep.equal([0, 0, 255, 255]);
  });
});
