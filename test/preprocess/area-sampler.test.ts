import { expect } from '@open-wc/testing';

import { Pixels } from '../../src/composite/pixels.ts';
import { AreaSampler } from '../../src/preprocess/area-sampler.ts';
import { paint, paintFlat, pixelAt, type Pixels as Picture } from '../helpers/frames.ts';
import { createModel } from '../helpers/models.ts';
import { resampleReference } from '../helpers/reference-resample.ts';

/**
 * Half a level when a mean is stored, and what weights of 8 bits add: of two pixels in a row and two rows, as growing takes
 * them, each weighs up to half of 1/256 too much, and in noise they may differ by all 255 levels. So once more half a level an
 * axis; footprints of more pixels even out.
 */
const tolerance = 1.5;
/** Of footprints of dozens of pixels the ends weigh too much. Noise hardly shows it. */
const largeTolerance = 2.5;

function createPixels({ width, height, data }: Picture): Pixels {
  return new Pixels(new ImageData(data, width, height));
}

function createSampler(width: number, height: number): AreaSampler {
  return new AreaSampler(createModel({}, { width, height }).input);
}

/** Largest difference from the exact area filter, in levels of 255. */
function differenceOf(picture: Picture, width: number, height: number): number {
  const sampled = createSampler(width, height).sample(createPixels(picture), true);
  const reference = resampleReference(picture, width, height);
  let largest = 0;
  for (const [i, level] of reference.entries()) {
    const [pixel, channel] = [Math.floor(i / 3), i % 3];
    const difference = Math.abs(255 * level - (sampled[4 * pixel + channel] ?? NaN));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

/** The same each time, and with no two neighbours alike. */
function paintNoise(width: number, height: number, alpha?: number): Picture {
  let state = 1;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  return paint(width, height, () => [next(), next(), next(), alpha ?? next()]);
}

const noise = paintNoise(128, 96, 255);

describe('AreaSampler', () => {
  for (const [width, height, why] of [
    [128, 96, 'by 1'],
    [64, 48, 'by 2'],
    [32, 24, 'by 4'],
    [80, 60, 'by 1.6'],
    [50, 38, 'by 2.56 and 2.53'],
    [42, 32, 'by 3.05 and 3'],
    [25, 19, 'by 5.1'],
    [127, 95, 'by a little'],
    [128, 48, 'down alone'],
    [64, 96, 'across alone'],
  ] as const) {
    it(`shrinks ${why}`, () => {
      expect(differenceOf(noise, width, height)).to.be.at.most(tolerance);
    });
  }

  for (const [width, height, why] of [
    [256, 192, 'by 2'],
    [200, 150, 'by 1.6'],
    [129, 97, 'by a little'],
    [64, 192, 'down while it shrinks across'],
  ] as const) {
    it(`grows ${why}`, () => {
      expect(differenceOf(noise, width, height)).to.be.at.most(tolerance);
    });
  }

  it('shrinks to one pixel', () => {
    expect(differenceOf(noise, 1, 1)).to.be.at.most(largeTolerance);
  });

  it('adds up white footprints of more pixels than fit into one number', () => {
    const white = paintFlat(1500, 2, [255, 255, 255, 255]);
    expect(differenceOf(white, 2, 1)).to.be.below(1e-6);
  });

  it('counts what is transparent as black', () => {
    const straight = paintNoise(64, 48);
    const premultiplied = paint(64, 48, (x, y) => {
      const [red, green, blue, alpha] = pixelAt(straight, x, y);
      const multiply = (level: number): number => Math.round((level * alpha) / 255);
      return [multiply(red), multiply(green), multiply(blue), 255];
    });
    const sampled = createSampler(20, 15).sample(createPixels(straight), false);
    const expected = createSampler(20, 15).sample(createPixels(premultiplied), true);
    expect([...sampled]).to.deep.equal([...expected]);
  });

  it('has the channels where they belong', () => {
    const orange = createPixels(paintFlat(4, 4, [255, 51, 0, 255]));
    expect([...createSampler(1, 1).sample(orange, true)]).to.deep.equal([255, 51, 0, 255]);
  });

  it('forgets the frame before', () => {
    const sampler = createSampler(2, 2);
    sampler.sample(createPixels(paintFlat(4, 4, [255, 0, 0, 255])), true);
    const sampled = sampler.sample(createPixels(paintFlat(4, 4, [0, 0, 255, 0])), false);
    expect(sampled.filter((level, i) => i % 4 !== 3 && level !== 0).length).to.equal(0);
  });

  it('takes frames of changing size', () => {
    const sampler = createSampler(2, 2);
    sampler.sample(createPixels(paintFlat(8, 2, [255, 0, 0, 255])), true);
    const sampled = sampler.sample(createPixels(paintFlat(3, 9, [0, 0, 255, 255])), true);
    expect([...sampled.slice(0, 4)]).to.deep.equal([0, 0, 255, 255]);
  });
});
