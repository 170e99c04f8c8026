import { expect } from '@open-wc/testing';

import { PixelBlur } from '../../src/composite/pixel-blur.ts';
import { Pixels } from '../../src/composite/pixels.ts';
import { MaskLevels } from '../../src/postprocess/mask-levels.ts';
import { paint, paintFlat, type Pixel, type Pixels as Picture } from '../helpers/frames.ts';
import { createModel } from '../helpers/models.ts';
import { contextOf } from '../helpers/pictures.ts';
import { differenceOf, paintMask, type MaskPixels } from '../helpers/reference-scene.ts';

const [width, height] = [128, 96];
const grey: Pixel = [128, 128, 128, 255];
const red: Pixel = [230, 20, 30, 255];
const nobody = paintMask(width, height, () => 0);
/** Half a level where a mean is stored, and half where the canvas stretches it. */
const tolerance = 1;

function createPixels({ width: w, height: h, data }: Picture): Pixels {
  return new Pixels(new ImageData(data, w, h));
}

function createMask(mask: MaskPixels): MaskLevels {
  const levels = new MaskLevels(createModel({ width: mask.width, height: mask.height }).output);
  levels.store(mask.values);
  return levels;
}

/** The blurred room stretched over the frame, as it is drawn. */
function stretch(room: Pixels): ImageData {
  const small = contextOf(new OffscreenCanvas(room.width, room.height));
  small.putImageData(room.image, 0, 0);
  const context = contextOf(new OffscreenCanvas(width, height));
  context.drawImage(small.canvas, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

function blur(frame: Picture, mask: MaskPixels, radiusPx: number, isOpaque = true): ImageData {
  const blurring = new PixelBlur();
  return stretch(blurring.blur(createPixels(frame), isOpaque, createMask(mask), radiusPx));
}

function middleOf(room: Pixels): number[] {
  const at = 4 * ((room.height >> 1) * room.width + (room.width >> 1));
  return [...room.image.data.slice(at, at + 4)];
}

describe('PixelBlur', () => {
  for (const radius of [0, 1, 1.5, 4, 10, 20]) {
    it(`leaves a flat room as it is at ${radius} px`, () => {
      const green: Pixel = [10, 200, 60, 255];
      const image = blur(paintFlat(width, height, green), nobody, radius);
      const flat = Array.from({ length: width * height }, () => green);
      expect(differenceOf(image, flat)).to.be.at.most(tolerance);
    });

    it(`lets no colour of the person into the room at ${radius} px`, () => {
      const isPerson = (x: number, y: number): boolean => x >= 37 && x < 83 && y >= 29;
      const frame = paint(width, height, (x, y) => (isPerson(x, y) ? red : grey));
      const mask = paintMask(width, height, (x, y) => (isPerson(x, y) ? 1 : 0));
      const flat = Array.from({ length: width * height }, () => grey);
      // Where a footprint is all person there is nothing to mean, and the person covers it.
      const isRoom = (x: number, y: number): boolean => x < 33 || x >= 87 || y < 25;
      expect(differenceOf(blur(frame, mask, radius), flat, isRoom)).to.be.at.most(tolerance);
    });

    it(`lets nothing transparent into the room at ${radius} px`, () => {
      const frame = paint(width, height, (x) => (x % 16 < 8 ? [...grey] : [255, 0, 0, 0]));
      const image = blur(frame, nobody, radius, false);
      const isGrey = (x: number): boolean => x % 16 > 1 && x % 16 < 6;
      const flat = Array.from({ length: width * height }, () => grey);
      expect(differenceOf(image, flat, isGrey)).to.be.at.most(tolerance);
    });
  }

  for (const radius of [4, 10, 20]) {
    it(`leaves no dark gap beside the person at ${radius} px`, () => {
      // Whoever stretches the room must find its colour wherever the edge falls within a pixel of the smaller picture.
      for (const edge of [36, 38, 40, 42, 44]) {
        const mask = paintMask(width, height, (x) => (x >= edge ? 1 : 0));
        const image = blur(paintFlat(width, height, grey), mask, radius);
        const row = Array.from({ length: edge }, (_, x) => image.data[4 * (48 * width + x)] ?? 0);
        expect(Math.min(...row), `${edge}`).to.be.at.least(128 - tolerance);
      }
    });
  }

  it('takes frames of changing size', () => {
    const instance = new PixelBlur();
    for (const [w, h] of [
      [64, 48],
      [31, 70],
      [64, 48],
    ] as const) {
      const frame = createPixels(paintFlat(w, h, grey));
      const room = instance.blur(frame, true, createMask(nobody), 4);
      expect(middleOf(room), `${w}x${h}`).to.deep.equal([...grey]);
    }
  });

  it('forgets the frame before', () => {
    const instance = new PixelBlur();
    instance.blur(createPixels(paintFlat(width, height, red)), true, createMask(nobody), 4);
    const frame = createPixels(paintFlat(width, height, grey));
    expect(middleOf(instance.blur(frame, true, createMask(nobody), 4))).to.deep.equal([...grey]);
  });
});
