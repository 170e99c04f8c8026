import { expect } from '@open-wc/testing';

import { ImageUpload, uploadFormat, uploadUsage } from '../../src/gpu/image-upload.ts';
import { frameSize } from '../../src/pipeline/frame-size.ts';
import type { Frame } from '../../src/stage.ts';
import { canTurnFrames, differenceFromKind, frameKinds } from '../helpers/frame-kinds.ts';
import { createBitmap, createRgbaFrame, paintFlat, pixelAt } from '../helpers/frames.ts';
import { createTestDevice, readTexture, validated } from '../helpers/gpu.ts';

describe('ImageUpload', () => {
  let device: GPUDevice;

  before(async () => {
    device = await createTestDevice();
  });

  after(() => device.destroy());

  function createTexture(width: number, height: number): GPUTexture {
    return device.createTexture({
      label: 'test',
      size: [width, height],
      format: uploadFormat,
      usage: uploadUsage(),
    });
  }

  /** What arrives in a texture of the size of the picture, which is closed. */
  async function upload(
    picture: Frame,
    uploader = new ImageUpload(device.queue),
  ): Promise<ImageData> {
    const { width, height } = frameSize(picture);
    return validated(device, async () => {
      const texture = createTexture(width, height);
      try {
        await uploader.copy(picture, texture);
        return await readTexture(device, texture);
      } finally {
        picture.close();
        texture.destroy();
      }
    });
  }

  it('is tested with turned frames', () => {
    expect(canTurnFrames).to.equal(true);
  });

  for (const kind of frameKinds) {
    it(`copies ${kind.title}`, async () => {
      const image = await upload(await kind.create());
      expect(differenceFromKind(image, kind)).to.be.at.most(kind.tolerance);
    });

    it(`takes the size of ${kind.title}`, async () => {
      const image = await upload(await kind.create());
      expect([image.width, image.height]).to.deep.equal([kind.width, kind.height]);
    });
  }

  // 200 * 128 / 255 = 100.4, 100 * 128 / 255 = 50.2; one level for rounding.
  const premultiplied = [100, 50, 0, 128];

  for (const [title, create] of [
    ['an ImageBitmap', () => createBitmap(paintFlat(8, 8, [200, 100, 0, 128]))],
    [
      'an ImageBitmap that is not premultiplied',
      () =>
        createImageBitmap(new ImageData(paintFlat(8, 8, [200, 100, 0, 128]).data, 8, 8), {
          premultiplyAlpha: 'none',
        }),
    ],
    ['a VideoFrame', () => Promise.resolve(createRgbaFrame(paintFlat(8, 8, [200, 100, 0, 128])))],
  ] as const) {
    it(`premultiplies ${title}`, async () => {
      const pixel = pixelAt(await upload(await create()), 4, 4);
      const differences = pixel.map((level, i) => Math.abs(level - (premultiplied[i] ?? NaN)));
      expect(Math.max(...differences)).to.be.at.most(1);
    });

    it(`takes the colour from what is fully transparent in ${title}`, async () => {
      const flat = paintFlat(8, 8, [200, 100, 50, 0]);
      const picture = title === 'a VideoFrame' ? createRgbaFrame(flat) : await createBitmap(flat);
      expect(pixelAt(await upload(picture), 4, 4)).to.deep.equal([0, 0, 0, 0]);
    });
  }

  it('copies every row the right way up', async () => {
    const { data } = paintFlat(4, 3, [0, 0, 0, 255]);
    for (let y = 0; y < 3; y++) for (let x = 0; x < 4; x++) data[4 * (4 * y + x)] = 80 * y + 10 * x;
    const image = await upload(createRgbaFrame({ width: 4, height: 3, data }));
    expect([...image.data]).to.deep.equal([...data]);
  });

  it('leaves the picture open', async () => {
    const frame = createRgbaFrame(paintFlat(8, 8, [1, 2, 3, 255]));
    const uploader = new ImageUpload(device.queue);
    const texture = createTexture(8, 8);
    await uploader.copy(frame, texture);
    expect(frame.format).to.equal('RGBA');
    frame.close();
    texture.destroy();
  });

  it('rejects a frame that was closed', async () => {
    const frame = createRgbaFrame(paintFlat(8, 8, [1, 2, 3, 255]));
    const uploader = new ImageUpload(device.queue);
    const texture = createTexture(8, 8);
    frame.close();
    let error: unknown;
    await uploader.copy(frame, texture).catch((reason: unknown) => (error = reason));
    expect(error).to.be.instanceOf(Error);
    texture.destroy();
  });

  describe('where the GPU copies no VideoFrames', () => {
    const { copyExternalImageToTexture } = GPUQueue.prototype;
    let refused = 0;

    function refuseVideoFrames(createError: () => Error): void {
      refused = 0;
      GPUQueue.prototype.copyExternalImageToTexture = function (source, ...rest) {
        if (source.source instanceof VideoFrame) {
          refused++;
          throw createError();
        }
        return copyExternalImageToTexture.call(this, source, ...rest);
      };
    }

    afterEach(() => {
      GPUQueue.prototype.copyExternalImageToTexture = copyExternalImageToTexture;
    });

    for (const kind of frameKinds) {
      it(`copies ${kind.title}`, async () => {
        refuseVideoFrames(() => new TypeError('test'));
        const image = await upload(await kind.create());
        expect(differenceFromKind(image, kind)).to.be.at.most(kind.cpuTolerance);
      });
    }

    for (const [title, createError] of [
      ['TypeError', () => new TypeError('test')],
      ['OperationError', () => new DOMException('test', 'OperationError')],
    ] as const) {
      it(`tries once when the answer is ${title}`, async () => {
        refuseVideoFrames(createError);
        const uploader = new ImageUpload(device.queue);
        for (let i = 0; i < 3; i++) {
          await upload(createRgbaFrame(paintFlat(8, 8, [1, 2, 3, 255])), uploader);
        }
        expect(refused).to.equal(1);
      });
    }
  });
});
