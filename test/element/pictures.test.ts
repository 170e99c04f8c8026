import { expect } from '@open-wc/testing';

import {
  createElement,
  decode,
  greenModel,
  pixelAt,
  removeElements,
  stateOf,
} from '../helpers/element.ts';

/** 12 megapixels, as phones take them. */
const [width, height] = [4000, 3000];

/** A green figure at the left of a red wall. */
async function createPhoto(type: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2D context');
  context.fillStyle = 'rgb(200 0 0)';
  context.fillRect(0, 0, width, height);
  context.fillStyle = 'rgb(0 240 0)';
  context.fillRect(0, 0, width / 2, height);
  return canvas.convertToBlob({ type, quality: 1 });
}

/** Puts an Exif segment behind the start of a JPEG file; `orientation` as in Exif 2.32, 4.6.4, tag 0x112. */
async function turn(photo: Blob, orientation: number): Promise<Blob> {
  // APP1, its length, "Exif", a big-endian TIFF header, one entry: SHORT, once.
  const exif = [
    ...[0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8],
    ...[0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0],
  ];
  const bytes = await photo.arrayBuffer();
  return new Blob([bytes.slice(0, 2), new Uint8Array(exif), bytes.slice(2)], {
    type: 'image/jpeg',
  });
}

describe('<void-segmenter> with large pictures', () => {
  afterEach(removeElements);

  it('keeps their resolution', async () => {
    const element = createElement({ backend: 'wasm', model: greenModel });
    element.srcObject = await createPhoto('image/png');
    await stateOf(element, 'running');
    const image = await decode(await element.toBlob());
    expect([image.width, image.height]).to.deep.equal([width, height]);
    expect(pixelAt(image, 0.25, 0.5)).to.deep.equal([0, 240, 0, 255]);
    expect(pixelAt(image, 0.75, 0.5)[3]).to.equal(0);
  });

  it('keeps colours beyond sRGB where main memory is drawn in', async () => {
    const wide = { colorSpace: 'display-p3' } as const;
    const context = new OffscreenCanvas(64, 48).getContext('2d', wide);
    if (!context) throw new Error('no 2D context');
    context.fillStyle = 'color(display-p3 1 0 0)';
    context.fillRect(0, 0, 64, 48);
    context.fillStyle = 'color(display-p3 0 1 0)';
    context.fillRect(0, 0, 32, 48);
    const photo = await context.canvas.convertToBlob();
    const element = createElement({ backend: 'wasm', model: greenModel, srcObject: photo });
    await stateOf(element, 'running');
    const read = async (): Promise<ImageData> => {
      context.globalCompositeOperation = 'copy';
      context.drawImage(await createImageBitmap(await element.toBlob()), 0, 0);
      return context.getImageData(0, 0, 64, 48, wide);
    };
    const person = await read();
    expect(pixelAt(person, 0.2, 0.5)).to.deep.equal([0, 255, 0, 255]);
    expect(pixelAt(person, 0.8, 0.5)[3]).to.equal(0);
    element.effect = 'none';
    await element.updateComplete;
    expect(pixelAt(await read(), 0.8, 0.5)).to.deep.equal([255, 0, 0, 255]);
    element.background = '#ff0000';
    element.effect = 'replace';
    await element.updateComplete;
    const [red = 0, green = 0, blue = 0] = pixelAt(await read(), 0.8, 0.5);
    // The red of sRGB in Display P3 (CSS Color 4).
    expect([red, green, blue]).to.deep.equal([234, 51, 35]);
  });

  for (const by of ['a Blob', 'a URL'] as const) {
    it(`turns those of ${by} as Exif says`, async () => {
      const photo = await turn(await createPhoto('image/jpeg'), 6);
      const element = createElement({ backend: 'wasm', model: greenModel });
      const url = URL.createObjectURL(photo);
      if (by === 'a Blob') element.srcObject = photo;
      else element.src = url;
      await stateOf(element, 'running');
      URL.revokeObjectURL(url);
      const image = await decode(await element.toBlob());
      // 6: the first row is at the right, the first column on top.
      expect([image.width, image.height]).to.deep.equal([height, width]);
      expect(pixelAt(image, 0.5, 0.25)[3]).to.equal(255);
      expect(pixelAt(image, 0.5, 0.75)[3]).to.equal(0);
    });
  }
});
