import { expect } from '@open-wc/testing';

import { Mask } from '../src/mask.ts';
import type { MaskData } from '../src/protocol/messages.ts';
import { readFrame } from './helpers/pictures.ts';

function createMask(content: MaskData['content'], width = 2, height = 2): Mask {
  const classes = ['background', 'person'];
  return new Mask({ width, height, timestampUs: 40_000, classes, content });
}

const alphas = [0, 51, 128, 255];

/** White, with `alphas` as its straight alpha. */
async function createBitmap(): Promise<ImageBitmap> {
  const image = new ImageData(2, 2);
  image.data.set(alphas.flatMap((alpha) => [255, 255, 255, alpha]));
  return createImageBitmap(image);
}

async function createBitmapMask(): Promise<Mask> {
  return createMask({ format: 'bitmap', bitmap: await createBitmap() });
}

function alphaOf({ data }: ImageData): number[] {
  return [...data].filter((_, i) => i % 4 === 3);
}

function colorOf({ data }: ImageData): number[] {
  return [...data].filter((_, i) => i % 4 !== 3);
}

const table: readonly [content: MaskData['content'], alpha: readonly number[]][] = [
  [{ format: 'alpha', data: Uint8Array.from(alphas) }, alphas],
  [{ format: 'float', data: Float32Array.of(0, 0.2, 0.5, 1) }, [0, 51, 128, 255]],
  [{ format: 'categories', data: Uint8Array.of(0, 1, 1, 0) }, [0, 255, 255, 0]],
];

/** The left half of 4x2 pixels. */
function createContourMask(): Mask {
  const points = [Float32Array.of(0, 0, 2, 0, 2, 2, 0, 2)];
  return createMask({ format: 'contour', path: 'M0 0L2 0 2 2 0 2Z', points }, 4, 2);
}

describe('Mask', () => {
  it('is what it was given', () => {
    const data = Uint8Array.from(alphas);
    const mask = createMask({ format: 'alpha', data });
    expect(mask).to.include({ width: 2, height: 2, format: 'alpha', data, timestampUs: 40_000 });
    expect(mask.bitmap).to.equal(undefined);
  });

  it('has a bitmap instead of data in the format bitmap', async () => {
    const bitmap = await createBitmap();
    const mask = createMask({ format: 'bitmap', bitmap });
    expect([mask.bitmap, mask.data]).to.deep.equal([bitmap, undefined]);
  });

  it('has path and points instead of data in the format contour', () => {
    const mask = createContourMask();
    expect([mask.path, mask.points?.length]).to.deep.equal(['M0 0L2 0 2 2 0 2Z', 1]);
    expect([mask.data, mask.bitmap]).to.deep.equal([undefined, undefined]);
  });

  describe('toImageData', () => {
    it('is opaque inside a contour and nowhere else', () => {
      const image = createContourMask().toImageData();
      expect([image.width, image.height]).to.deep.equal([4, 2]);
      expect(alphaOf(image)).to.deep.equal([255, 255, 0, 0, 255, 255, 0, 0]);
      expect(new Set(colorOf(image))).to.deep.equal(new Set([255]));
    });

    it('leaves the holes of a contour open', () => {
      const path = 'M0 0L3 0 3 3 0 3ZM1 1L1 2 2 2 2 1Z';
      const mask = createMask({ format: 'contour', path, points: [] }, 3, 3);
      expect(alphaOf(mask.toImageData())).to.deep.equal([
        255, 255, 255, 255, 0, 255, 255, 255, 255,
      ]);
    });

    for (const [content, alpha] of table) {
      it(`has ${content.format} as its alpha`, () => {
        expect(alphaOf(createMask(content).toImageData())).to.deep.equal(alpha);
      });

      it(`is white all over for ${content.format}`, () => {
        const color = colorOf(createMask(content).toImageData());
        expect(color).to.deep.equal(Array.from({ length: 12 }, () => 255));
      });
    }

    it('has the alpha of the bitmap as its alpha', async () => {
      const mask = await createBitmapMask();
      expect(alphaOf(mask.toImageData())).to.deep.equal(alphas);
    });

    it('is white all over for bitmap', async () => {
      const color = colorOf((await createBitmapMask()).toImageData());
      expect(color).to.deep.equal(Array.from({ length: 12 }, () => 255));
    });

    it('makes every class but the first opaque', () => {
      const data = Uint8Array.of(0, 1, 2, 3);
      const image = createMask({ format: 'categories', data }).toImageData();
      expect(alphaOf(image)).to.deep.equal([0, 255, 255, 255]);
    });

    it('keeps the order of the rows', () => {
      const data = Uint8Array.of(1, 2, 3, 4, 5, 6);
      const image = createMask({ format: 'alpha', data }, 3, 2).toImageData();
      expect([image.width, image.height, ...alphaOf(image)]).to.deep.equal([
        3, 2, 1, 2, 3, 4, 5, 6,
      ]);
    });

    it('leaves the data as they are', () => {
      const data = Float32Array.of(0, 0.25, 0.5, 1);
      createMask({ format: 'float', data }).toImageData();
      expect([...data]).to.deep.equal([0, 0.25, 0.5, 1]);
    });
  });

  describe('toImageBitmap', () => {
    it('is opaque inside a contour and nowhere else', async () => {
      const bitmap = await createContourMask().toImageBitmap();
      expect(alphaOf(readFrame(bitmap))).to.deep.equal([255, 255, 0, 0, 255, 255, 0, 0]);
    });

    for (const [content, alpha] of table) {
      it(`has ${content.format} as its alpha`, async () => {
        const bitmap = await createMask(content).toImageBitmap();
        expect(alphaOf(readFrame(bitmap))).to.deep.equal(alpha);
      });
    }

    it('has the alpha of the bitmap as its alpha', async () => {
      const bitmap = await (await createBitmapMask()).toImageBitmap();
      expect(alphaOf(readFrame(bitmap))).to.deep.equal(alphas);
    });

    it('outlives the mask', async () => {
      const mask = await createBitmapMask();
      const bitmap = await mask.toImageBitmap();
      mask.close();
      expect(bitmap.width).to.equal(2);
    });
  });

  describe('close', () => {
    it('closes the bitmap', async () => {
      const bitmap = await createBitmap();
      createMask({ format: 'bitmap', bitmap }).close();
      expect(bitmap.width).to.equal(0);
    });

    it('leaves data usable', () => {
      const mask = createMask({ format: 'alpha', data: Uint8Array.from(alphas) });
      mask.close();
      expect(alphaOf(mask.toImageData())).to.deep.equal(alphas);
    });
  });
});
