import { expect } from '@open-wc/testing';

import { CommandBatch } from '../../src/gpu/command-batch.ts';
import { ExternalUpload } from '../../src/gpu/external-upload.ts';
import { BitmapUpload, CopyUpload, uploadFormat, uploadUsage } from '../../src/gpu/image-upload.ts';
import { PlanesUpload } from '../../src/gpu/planes-upload.ts';
import type { UploadPath } from '../../src/gpu/upload-path.ts';
import { frameSize } from '../../src/pipeline/frame-size.ts';
import { canTurnFrames, differenceFromKind, frameKinds } from '../helpers/frame-kinds.ts';
import { createRgbaFrame, paintFlat, pixelAt } from '../helpers/frames.ts';
import { createTestDevice, readTexture, validated } from '../helpers/gpu.ts';

/** Every way, each with the kinds of frames that it takes. */
const paths: Readonly<Record<string, (device: GPUDevice) => UploadPath>> = {
  planes: (device) => new PlanesUpload(device),
  external: (device) => new ExternalUpload(device),
  copy: (device) => new CopyUpload(device.queue),
  bitmap: (device) => new BitmapUpload(device.queue),
};

it('turns frames, so that turned ones can be tested', () => {
  expect(canTurnFrames).to.equal(true);
});

for (const [name, createPath] of Object.entries(paths)) {
  describe(`upload by ${name}`, () => {
    let device: GPUDevice;
    let path: UploadPath;

    before(async () => {
      device = await createTestDevice();
      path = createPath(device);
    });

    after(() => device.destroy());

    /** What arrives in a texture of the frame's display size. The frame is closed. */
    async function upload(frame: VideoFrame): Promise<ImageData> {
      const { width, height } = frameSize(frame);
      return validated(device, async () => {
        const texture = device.createTexture({
          label: 'test',
          size: [width, height],
          format: uploadFormat,
          usage: uploadUsage(),
        });
        try {
          const batch = new CommandBatch(device);
          await path.copy(frame, texture, batch);
          batch.submit();
          return await readTexture(device, texture);
        } finally {
          frame.close();
          texture.destroy();
        }
      });
    }

    const kinds = frameKinds.filter(
      ({ format }) => format !== null && (name !== 'external' || !format.endsWith('A')),
    );
    for (const kind of kinds) {
      it(`brings ${kind.title}`, async () => {
        const frame = (await kind.create()) as VideoFrame;
        expect(path.accepts(frame)).to.equal(true);
        const image = await upload(frame);
        expect([image.width, image.height]).to.deep.equal([kind.width, kind.height]);
        const tolerance = name === 'bitmap' ? kind.cpuTolerance : kind.tolerance;
        expect(differenceFromKind(image, kind)).to.be.at.most(tolerance);
      });
    }

    if (name === 'external') {
      it('leaves frames with alpha to others', () => {
        const frame = createRgbaFrame(paintFlat(8, 8, [200, 100, 0, 128]));
        expect(path.accepts(frame)).to.equal(false);
        frame.close();
      });
    } else {
      it('premultiplies', async () => {
        // 200 * 128 / 255 = 100.4, 100 * 128 / 255 = 50.2; one level for rounding.
        const pixel = pixelAt(
          await upload(createRgbaFrame(paintFlat(8, 8, [200, 100, 0, 128]))),
          4,
          4,
        );
        const differences = pixel.map((level, i) =>
          Math.abs(level - ([100, 50, 0, 128][i] ?? NaN)),
        );
        expect(Math.max(...differences)).to.be.at.most(1);
      });

      it('takes the colour from what is fully transparent', async () => {
        const image = await upload(createRgbaFrame(paintFlat(8, 8, [200, 100, 50, 0])));
        expect(pixelAt(image, 4, 4)).to.deep.equal([0, 0, 0, 0]);
      });

      it('brings every row the right way up', async () => {
        const { data } = paintFlat(4, 3, [0, 0, 0, 255]);
        for (let y = 0; y < 3; y++)
          for (let x = 0; x < 4; x++) data[4 * (4 * y + x)] = 80 * y + 10 * x;
        const image = await upload(createRgbaFrame({ width: 4, height: 3, data }));
        expect([...image.data]).to.deep.equal([...data]);
      });
    }

    it('brings frames of different sizes and formats in turn', async () => {
      for (const kind of [...kinds, ...kinds]) {
        const image = await upload((await kind.create()) as VideoFrame);
        const tolerance = name === 'bitmap' ? kind.cpuTolerance : kind.tolerance;
        expect(differenceFromKind(image, kind), kind.title).to.be.at.most(tolerance);
      }
    });

    it('converts the colours of other primaries as the browser does', async () => {
      const create = (): VideoFrame => {
        const bytes = new Uint8Array(96).fill(120, 0, 64).fill(90, 64, 80).fill(190, 80);
        return new VideoFrame(bytes, {
          format: 'I420',
          codedWidth: 8,
          codedHeight: 8,
          timestamp: 0,
          colorSpace: {
            primaries: 'smpte170m',
            transfer: 'smpte170m',
            matrix: 'smpte170m',
            fullRange: false,
          },
        });
      };
      const pixel = pixelAt(await upload(create()), 4, 4);
      // Chromium 156 draws it like this on a GPU; without one it leaves the primaries as they are: 220, 86, 45.
      const wanted = name === 'bitmap' ? [220, 86, 45, 255] : [215, 90, 43, 255];
      const differences = pixel.map((level, i) => Math.abs(level - (wanted[i] ?? NaN)));
      expect(Math.max(...differences)).to.be.at.most(2);
    });

    it('rejects a frame that was closed', async () => {
      const frame = createRgbaFrame(paintFlat(8, 8, [1, 2, 3, 255]));
      const texture = device.createTexture({
        size: [8, 8],
        format: uploadFormat,
        usage: uploadUsage(),
      });
      frame.close();
      let error: unknown;
      await path
        .copy(frame, texture, new CommandBatch(device))
        .catch((reason: unknown) => (error = reason));
      expect(error).to.be.instanceOf(Error);
      texture.destroy();
    });
  });
}
