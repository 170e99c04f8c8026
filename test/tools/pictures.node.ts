import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { encode } from 'jpeg-js';
import { PNG } from 'pngjs';

import { decodePicture } from '../../tools/void-model/pictures/decode.ts';
import type { Picture } from '../../tools/void-model/pictures/decode.ts';
import { ToolError } from '../../tools/void-model/tool-error.ts';

const colors = {
  red: [255, 0, 0, 255],
  green: [0, 255, 0, 255],
  blue: [0, 0, 255, 255],
  white: [255, 255, 255, 255],
} as const;
type Color = keyof typeof colors;

/** Red and green above blue and white, each 16x8: JPEG keeps blocks of one colour. */
function createQuarters(): Buffer {
  const [width, height] = [32, 16];
  const names: Color[] = ['red', 'green', 'blue', 'white'];
  const data = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    const quarter = (i % width < width / 2 ? 0 : 1) + (i < (width * height) / 2 ? 0 : 2);
    data.set(colors[names[quarter] ?? 'red'], 4 * i);
  }
  return encode({ width, height, data }, 95).data;
}

/** Puts Exif's orientation into a JPEG, after its first two bytes. */
function setOrientation(jpeg: Buffer, orientation: number, isLittleEndian: boolean): Buffer {
  const tiff = Buffer.alloc(26);
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.length);
  tiff.write(isLittleEndian ? 'II' : 'MM', 'latin1');
  view.setUint16(2, 42, isLittleEndian);
  view.setUint32(4, 8, isLittleEndian);
  view.setUint16(8, 1, isLittleEndian);
  view.setUint16(10, 0x0112, isLittleEndian);
  view.setUint16(12, 3, isLittleEndian);
  view.setUint32(14, 1, isLittleEndian);
  view.setUint16(18, orientation, isLittleEndian);
  const segment = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff]);
  const head = Buffer.from([0xff, 0xe1, 0, segment.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), head, segment, jpeg.subarray(2)]);
}

/** Colours in the middle of the quarters, by rows. */
function nameQuarters({ width, height, data }: Picture): readonly (Color | undefined)[] {
  return [0.25, 0.75].flatMap((y) =>
    [0.25, 0.75].map((x) => {
      const at = 4 * (Math.floor(y * height) * width + Math.floor(x * width));
      const pixel = Array.from(data.subarray(at, at + 4), (level) => (level > 127 ? 255 : 0));
      return (Object.keys(colors) as Color[]).find(
        (name) => String(colors[name]) === String(pixel),
      );
    }),
  );
}

describe('decodePicture', () => {
  const shown: Record<number, string> = {
    1: 'red green blue white',
    2: 'green red white blue',
    3: 'white blue green red',
    4: 'blue white red green',
    5: 'red blue green white',
    6: 'blue red white green',
    7: 'white green blue red',
    8: 'green white red blue',
  };
  for (const [orientation, quarters] of Object.entries(shown)) {
    it(`shows a JPEG of Exif orientation ${orientation} upright`, () => {
      for (const isLittleEndian of [true, false]) {
        const file = setOrientation(createQuarters(), Number(orientation), isLittleEndian);
        const picture = decodePicture(file, 'photo.jpg');
        assert.equal(nameQuarters(picture).join(' '), quarters);
        assert.equal(picture.width, Number(orientation) < 5 ? 32 : 16);
      }
    });
  }

  it('decodes PNG of colours and of grey with transparency to RGBA', () => {
    const png = new PNG({ width: 1, height: 1 });
    png.data.set([51, 51, 51, 102]);
    for (const colorType of [4, 6] as const) {
      const { width, data } = decodePicture(PNG.sync.write(png, { colorType }), 'dot.png');
      assert.equal(width, 1);
      assert.deepEqual([...data], [51, 51, 51, 102]);
    }
  });

  it('refuses other and damaged files by name', () => {
    const isRefusal = (words: RegExp) => (error: unknown) =>
      error instanceof ToolError && error.code === 'file' && words.test(error.message);
    const page = new TextEncoder().encode('<!doctype html>');
    assert.throws(() => decodePicture(page, 'a.jpg'), isRefusal(/"a\.jpg" is neither/));
    const cut = createQuarters().subarray(0, 100);
    assert.throws(() => decodePicture(cut, 'b.jpg'), isRefusal(/"b\.jpg" cannot be decoded/));
  });
});
