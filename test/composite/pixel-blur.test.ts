import { expect } from '@open-wc/testing';

import { CanvasBlur } from '../../src/composite/canvas-blur.ts';
import { paint, paintFlat, type Pixel, type Pixels } from '../helpers/frames.ts';
import { contextOf } from '../helpers/pictures.ts';
import {
  differenceOf,
  paintMask,
  premultiply,
  type MaskPixels,
} from '../helpers/reference-scene.ts';

const [width, height] = [128, 96];
const grey: Pixel = [128, 128, 128, 255];
const red: Pixel = [230, 20, 30, 255];
const nobody = paintMask(width, height, () => 0);

function createFrame({ data, ...size }: Pixels): OffscreenCanvas {
  const canvas = new OffscreenCanvas(size.width, size.height);
  contextOf(canvas).putImageData(new ImageData(data, size.width, size.height), 0, 0);
  return canvas;
}

function createMask(mask: MaskPixels): OffscreenCanvas {
  const canvas = new OffscreenCanvas(mask.width, mask.height);
  const image = new ImageData(mask.width, mask.height);
  for (const [i, value] of mask.values.entries()) {
    image.data.set([255, 255, 255, Math.round(255 * value)], 4 * i);
  }
  contextOf(canvas).putImageData(image, 0, 0);
  return canvas;
}

/** The blurred room stretched over the frame, as it is drawn. */
function blur(hasFilter: boolean, frame: Pixels, mask: MaskPixels, radiusPx: number): ImageData {
  const room = new CanvasBlur(hasFilter).blur(createFrame(frame), createMask(mask), radiusPx);
  const context = contextOf(new OffscreenCanvas(frame.width, frame.height));
  context.drawImage(room, 0, 0, frame.width, frame.height);
  return context.getImageData(0, 0, frame.width, frame.height);
}

describe('CanvasBlur', () => {
  for (const hasFilter of [true, false]) {
    describe(hasFilter ? 'with filter' : "without filter, which is Safari's way", () => {
      // Premultiplied colours of 8 bits, see rigs.ts.
      const tolerance = 8;

      for (const radius of [0, 1, 4, 10, 20]) {
        it(`leaves a flat room as it is at ${radius} px`, () => {
          const image = blur(
            hasFilter,
            paintFlat(width, height, [10, 200, 60, 255]),
            nobody,
            radius,
          );
          const flat = Array.from({ length: width * height }, () => [10, 200, 60, 255] as const);
          expect(differenceOf(image, flat)).to.be.at.most(tolerance);
        });

        it(`lets no colour of the person into the room at ${radius} px`, () => {
          const isPerson = (x: number, y: number): boolean => x >= 37 && x < 83 && y >= 29;
          const frame = paint(width, height, (x, y) => (isPerson(x, y) ? red : grey));
          const mask = paintMask(width, height, (x, y) => (isPerson(x, y) ? 1 : 0));
          const image = blur(hasFilter, frame, mask, radius);
          const flat = Array.from({ length: width * height }, () => grey);
          const difference = differenceOf(image, flat, (x, y) => !isPerson(x, y));
          expect(difference).to.be.at.most(tolerance);
        });
      }

      for (const radius of [4, 10, 20]) {
        it(`leaves no gap beside the person at ${radius} px`, () => {
          // Whoever stretches the room must find it opaque wherever it shows: wherever the edge of the person falls
          // within a pixel of the smaller canvas.
          const alphas = [36, 38, 40, 42, 44].flatMap((edge) => {
            const mask = paintMask(width, height, (x) => (x >= edge ? 1 : 0));
            const image = blur(hasFilter, paintFlat(width, height, grey), mask, radius);
            return Array.from(
              { length: edge },
              (_, x) => image.data[4 * (48 * width + x) + 3] ?? NaN,
            );
          });
          expect(Math.min(...alphas)).to.be.at.least(255 - tolerance);
        });
      }

      it('takes frames of changing size', () => {
        const instance = new CanvasBlur(hasFilter);
        for (const [w, h] of [
          [64, 48],
          [31, 70],
          [64, 48],
        ] as const) {
          const room = instance.blur(createFrame(paintFlat(w, h, grey)), createMask(nobody), 4);
          const { data } = contextOf(room).getImageData(room.width >> 1, room.height >> 1, 1, 1);
          expect(Math.abs((data[0] ?? NaN) - 128), `${w}x${h}`).to.be.at.most(tolerance);
        }
      });

      it('forgets the frame before', () => {
        const instance = new CanvasBlur(hasFilter);
        instance.blur(createFrame(paintFlat(width, height, red)), createMask(nobody), 4);
        const frame = createFrame(paintFlat(width, height, grey));
        const room = instance.blur(frame, createMask(nobody), 4);
        const { data } = contextOf(room).getImageData(room.width >> 1, room.height >> 1, 1, 1);
        expect(Math.max(...[0, 1, 2].map((i) => Math.abs((data[i] ?? NaN) - 128)))).to.be.at.most(
          8,
        );
      });
    });
  }

  for (const radius of [4, 8, 12]) {
    it(`looks alike with and without filter at ${radius} px`, () => {
      const frame = paint(width, height, (x, y) => [
        x < 50 ? 30 : 220,
        y < 40 ? 60 : 190,
        x + y < 100 ? 20 : 170,
        255,
      ]);
      const withFilter = premultiply(blur(true, frame, nobody, radius));
      // A step of 190 levels. Bilinear growing is a tent and not a bell, and is in no step with the pixels: the slope
      // is off by up to a fifth of the step at its ends. Not near the edges, where the outside counts differently.
      const inside = (x: number, y: number): boolean =>
        x >= 2 * radius && y >= 2 * radius && x < width - 2 * radius && y < height - 2 * radius;
      const difference = differenceOf(blur(false, frame, nobody, radius), withFilter, inside);
      expect(difference).to.be.at.most(40);
    });
  }
});
