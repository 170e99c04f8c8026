import { expect } from '@open-wc/testing';

import { CommandBatch } from '../../src/gpu/command-batch.ts';
import { FrameUpload } from '../../src/gpu/frame-upload.ts';
import { uploadFormat, uploadUsage } from '../../src/gpu/image-upload.ts';
import { recallUpload, rememberUpload } from '../../src/gpu/upload-memory.ts';
import type { Frame } from '../../src/stage.ts';
import { differenceFromKind, frameKinds } from '../helpers/frame-kinds.ts';
import { createBitmap, createRgbaFrame, paintFlat, pixelAt } from '../helpers/frames.ts';
import { createTestDevice, readTexture, validated } from '../helpers/gpu.ts';

const planarKind = frameKinds.find(
  ({ format }) => format === 'I420',
) as (typeof frameKinds)[number];

describe('FrameUpload', () => {
  let device: GPUDevice;
  let batch: CommandBatch;
  let texture: GPUTexture;

  before(async () => {
    device = await createTestDevice();
    batch = new CommandBatch(device);
    texture = device.createTexture({
      size: [planarKind.width, planarKind.height],
      format: uploadFormat,
      usage: uploadUsage(),
    });
  });

  after(() => device.destroy());

  /** Uploads `count` frames and returns the last one's pixels. */
  async function upload(
    uploads: FrameUpload,
    count: number,
    create: () => Promise<Frame> = () => planarKind.create(),
  ): Promise<ImageData> {
    return validated(device, async () => {
      for (let i = 0; i < count; i++) {
        const frame = await create();
        await uploads.copy(frame, texture);
        frame.close();
      }
      batch.submit();
      return readTexture(device, texture);
    });
  }

  /** Counts how often each way was taken. */
  function watchWays(): { counts: Record<string, number>; restore: () => void } {
    const counts: Record<string, number> = {};
    const patch = (
      prototype: object,
      name: string,
      way: (value: unknown) => string,
    ): (() => void) => {
      const methods = prototype as Record<string, (...values: unknown[]) => unknown>;
      const original = methods[name] as (...values: unknown[]) => unknown;
      methods[name] = function (this: unknown, ...values) {
        const key = way(values[0]);
        counts[key] = (counts[key] ?? 0) + 1;
        return original.apply(this, values);
      };
      return () => (methods[name] = original);
    };
    const restores = [
      patch(VideoFrame.prototype, 'copyTo', () => 'planes'),
      patch(GPUDevice.prototype, 'importExternalTexture', () => 'external'),
      patch(GPUQueue.prototype, 'copyExternalImageToTexture', (value) =>
        (value as GPUCopyExternalImageSourceInfo).source instanceof VideoFrame ? 'copy' : 'bitmap',
      ),
    ];
    return { counts, restore: () => restores.forEach((restore) => restore()) };
  }

  it('brings every frame while it tries, and after', async () => {
    const uploads = new FrameUpload(device, '', batch);
    for (let i = 0; i < 24; i++) {
      const image = await upload(uploads, 1);
      expect(differenceFromKind(image, planarKind)).to.be.at.most(planarKind.cpuTolerance);
    }
    uploads.destroy();
  });

  it('tries every way five times, then takes one', async () => {
    const uploads = new FrameUpload(device, '', batch);
    const { counts, restore } = watchWays();
    try {
      await upload(uploads, 20);
      expect(counts).to.deep.equal({ planes: 5, external: 5, copy: 5, bitmap: 5 });
      await upload(uploads, 4);
      expect(Object.values(counts).sort()).to.deep.equal([5, 5, 5, 9]);
    } finally {
      restore();
      uploads.destroy();
    }
  });

  it('takes at once what was the fastest on an earlier page', async () => {
    const adapterName = `test ${crypto.randomUUID()}`;
    const first = new FrameUpload(device, adapterName, batch);
    await upload(first, 20);
    first.destroy();
    const second = new FrameUpload(device, adapterName, batch);
    const { counts, restore } = watchWays();
    try {
      await upload(second, 4);
      expect(Object.values(counts)).to.deep.equal([4]);
    } finally {
      restore();
      second.destroy();
    }
  });

  it('goes on with the other ways where some are refused', async () => {
    const uploads = new FrameUpload(device, '', batch);
    const { copyExternalImageToTexture } = GPUQueue.prototype;
    const { importExternalTexture } = GPUDevice.prototype;
    let refused = 0;
    GPUQueue.prototype.copyExternalImageToTexture = function (source, ...rest) {
      if (!(source.source instanceof VideoFrame)) {
        return copyExternalImageToTexture.call(this, source, ...rest);
      }
      refused++;
      throw new TypeError('test');
    };
    GPUDevice.prototype.importExternalTexture = () => {
      refused++;
      throw new DOMException('test', 'OperationError');
    };
    try {
      const image = await upload(uploads, 12);
      expect(differenceFromKind(image, planarKind)).to.be.at.most(planarKind.cpuTolerance);
      // Once each.
      expect(refused).to.equal(2);
    } finally {
      GPUQueue.prototype.copyExternalImageToTexture = copyExternalImageToTexture;
      GPUDevice.prototype.importExternalTexture = importExternalTexture;
      uploads.destroy();
    }
  });

  it('brings frames that come all at once, each to its texture', async () => {
    const uploads = new FrameUpload(device, '', batch);
    const colors = [10, 90, 170, 250];
    const textures = colors.map(() =>
      device.createTexture({ size: [8, 8], format: uploadFormat, usage: uploadUsage() }),
    );
    await Promise.all(
      colors.map(async (level, i) => {
        const frame = createRgbaFrame(paintFlat(8, 8, [level, 0, 0, 255]));
        await uploads.copy(frame, textures[i] as GPUTexture);
        frame.close();
      }),
    );
    batch.submit();
    for (const [i, level] of colors.entries()) {
      const image = await readTexture(device, textures[i] as GPUTexture);
      expect(pixelAt(image, 4, 4)).to.deep.equal([level, 0, 0, 255]);
    }
    uploads.destroy();
  });

  it('brings an ImageBitmap', async () => {
    const uploads = new FrameUpload(device, '', batch);
    const { width, height } = planarKind;
    const image = await upload(uploads, 1, () =>
      createBitmap(paintFlat(width, height, [9, 8, 7, 255])),
    );
    expect(pixelAt(image, 4, 4)).to.deep.equal([9, 8, 7, 255]);
    uploads.destroy();
  });

  it('rejects a frame that was closed, and brings the next', async () => {
    const uploads = new FrameUpload(device, '', batch);
    const closed = (await planarKind.create()) as VideoFrame;
    closed.close();
    let error: unknown;
    await uploads.copy(closed, texture).catch((reason: unknown) => (error = reason));
    expect(error).to.be.instanceOf(Error);
    const image = await upload(uploads, 1);
    expect(differenceFromKind(image, planarKind)).to.be.at.most(planarKind.cpuTolerance);
    uploads.destroy();
  });
});

describe('what is remembered of uploads', () => {
  it('is told again for the same adapter and kind of frame only', async () => {
    const adapterName = `test ${crypto.randomUUID()}`;
    rememberUpload(adapterName, 'I420', 'planes');
    await expectEventually(() => recallUpload(adapterName, 'I420'), 'planes');
    expect(await recallUpload(adapterName, 'NV12')).to.equal(undefined);
    expect(await recallUpload('another', 'I420')).to.equal(undefined);
  });

  it('is nothing for an adapter without a name', async () => {
    rememberUpload('', 'I420', 'planes');
    expect(await recallUpload('', 'I420')).to.equal(undefined);
  });
});

/** Waits until it is so; the runner's time limit ends the waiting. */
async function expectEventually<T>(read: () => Promise<T>, wanted: T): Promise<void> {
  while ((await read()) !== wanted) await new Promise((resolve) => setTimeout(resolve, 10));
}
