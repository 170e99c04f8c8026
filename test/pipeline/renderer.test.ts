import { expect } from '@open-wc/testing';
import type { Effect, Surface } from '../../src/stage.ts';
import {
  createModel,
  createOptions,
  harnesses,
  readBlob,
  readCanvas,
  rgbaAt,
  type Harness,
} from '../helpers/renderers.ts';

const hiding: readonly Effect[] = ['mask', 'cutout', 'blur', 'replace'];
const quarters = ['#c81e28', '#14b43c', '#1e32d2', '#f0f0f0'] as const;
const levels = [
  [200, 30, 40],
  [20, 180, 60],
  [30, 50, 210],
  [240, 240, 240],
] as const;

function createFrame(
  width: number,
  height: number,
  init: Record<string, unknown> = {},
): VideoFrame {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  for (const [i, color] of quarters.entries()) {
    if (!context) throw new Error('no 2D context');
    context.fillStyle = color;
    context.fillRect(
      ((i % 2) * width) / 2,
      (Math.floor(i / 2) * height) / 2,
      width / 2,
      height / 2,
    );
  }
  return new VideoFrame(canvas, { timestamp: 0, ...init });
}

/** Which quarter's colour is in the middle of each quarter of the picture. */
function arrangement(image: ImageData): string {
  return [0, 1, 2, 3]
    .map((i) => {
      const x = Math.floor((0.25 + 0.5 * (i % 2)) * image.width);
      const y = Math.floor((0.25 + 0.5 * Math.floor(i / 2)) * image.height);
      const seen = rgbaAt(image, x, y);
      return levels.findIndex((level) =>
        level.every((value, c) => Math.abs(value - (seen[c] ?? NaN)) <= 6),
      );
    })
    .join('');
}

for (const { name, create } of harnesses) {
  describe(`renderer, ${name}`, () => {
    let harness: Harness;
    beforeEach(async () => {
      harness = await create(createModel(16, 12));
    });
    afterEach(() => harness.dispose());

    async function createSurface(frame = createFrame(64, 48)): Promise<Surface> {
      const surface = harness.renderer.createSurface();
      await harness.renderer.upload(surface, frame);
      frame.close();
      return surface;
    }
    const full = new Float32Array(16 * 12).fill(1);

    it('draws nothing for a hiding effect before there is a mask', async () => {
      const surface = await createSurface();
      const canvas = new OffscreenCanvas(64, 48);
      harness.renderer.attachCanvas(canvas);
      for (const effect of hiding) {
        const options = createOptions({ effect, backgroundColor: [1, 0, 0, 1] });
        harness.renderer.composite(surface, options);
        expect(
          readCanvas(canvas).data.every((value) => value === 0),
          effect,
        ).to.equal(true);
        const image = await readBlob(
          await harness.renderer.snapshot(surface, options, 'image/png', 1),
        );
        expect(
          image.data.every((value) => value === 0),
          `snapshot, ${effect}`,
        ).to.equal(true);
      }
    });

    it('shows nothing of an earlier frame in a snapshot of one without a mask', async () => {
      const surface = await createSurface();
      harness.setMask(surface, full);
      harness.renderer.attachCanvas(new OffscreenCanvas(1, 1));
      harness.renderer.composite(surface, createOptions({}));
      const next = await createSurface();
      const blob = await harness.renderer.snapshot(next, createOptions({}), 'image/png', 1);
      expect((await readBlob(blob)).data.every((value) => value === 0)).to.equal(true);
    });

    it('takes a new frame for one without a mask', async () => {
      const surface = await createSurface();
      harness.setMask(surface, full);
      expect(surface.hasMask).to.equal(true);
      const frame = createFrame(64, 48);
      await harness.renderer.upload(surface, frame);
      frame.close();
      expect(surface.hasMask).to.equal(false);
    });

    it('follows a change of size in mid-stream', async () => {
      const surface = await createSurface();
      const canvas = new OffscreenCanvas(1, 1);
      harness.renderer.attachCanvas(canvas);
      for (const [width, height] of [
        [64, 48],
        [32, 80],
        [64, 48],
      ] as const) {
        const frame = createFrame(width, height);
        await harness.renderer.upload(surface, frame);
        frame.close();
        for (const effect of ['blur', 'replace', 'cutout'] as const) {
          harness.setMask(surface, full);
          harness.renderer.composite(surface, createOptions({ effect }));
          expect([canvas.width, canvas.height, surface.width, surface.height]).to.deep.equal([
            width,
            height,
            width,
            height,
          ]);
          expect(arrangement(readCanvas(canvas))).to.equal('0123');
        }
      }
    });

    const geometries: readonly [string, Record<string, unknown>, string, string][] = [
      ['turned by 90 degrees', { rotation: 90 }, '48x64', '2031'],
      ['turned by 180 degrees', { rotation: 180 }, '64x48', '3210'],
      ['turned by 270 degrees', { rotation: 270 }, '48x64', '1302'],
      ['mirrored', { flip: true }, '64x48', '1032'],
      ['cropped', { visibleRect: { x: 0, y: 24, width: 32, height: 24 } }, '32x24', '2222'],
      [
        'cropped and turned',
        { visibleRect: { x: 0, y: 0, width: 64, height: 24 }, rotation: 90 },
        '24x64',
        '0011',
      ],
      ['with pixels that are not square', { displayWidth: 32, displayHeight: 40 }, '32x40', '0123'],
    ];
    for (const [what, init, size, expected] of geometries) {
      it(`shows a frame ${what} as it is displayed`, async () => {
        const frame = createFrame(64, 48, init);
        if ('rotation' in init)
          expect((frame as { rotation?: number }).rotation).to.equal(init['rotation']);
        const surface = await createSurface(frame);
        const canvas = new OffscreenCanvas(1, 1);
        harness.renderer.attachCanvas(canvas);
        harness.renderer.composite(surface, createOptions({ effect: 'none' }));
        expect(`${canvas.width}x${canvas.height}`).to.equal(size);
        expect(arrangement(readCanvas(canvas))).to.equal(expected);
      });
    }

    it('takes ImageBitmaps', async () => {
      const frame = createFrame(64, 48);
      const bitmap = await createImageBitmap(frame);
      frame.close();
      const surface = harness.renderer.createSurface();
      await harness.renderer.upload(surface, bitmap);
      bitmap.close();
      const blob = await harness.renderer.snapshot(
        surface,
        createOptions({ effect: 'none' }),
        'image/png',
        1,
      );
      expect(arrangement(await readBlob(blob))).to.equal('0123');
    });

    it('reads the mask back, also in calls that overlap', async () => {
      const surface = await createSurface();
      const masks = [0.25, 0.75].map((value) =>
        Float32Array.from(full, (_, i) => value + i / 1000),
      );
      const reads = masks.map((values) => {
        harness.setMask(surface, values);
        return harness.renderer.readMask(surface, {
          width: 16,
          height: 12,
          values: 'floats',
          threshold: 0.5,
        });
      });
      expect((await Promise.all(reads)).map((read) => [...read])).to.deep.equal(
        masks.map((values) => [...values]),
      );
    });

    it('takes a snapshot of a frame shown a second ago', async () => {
      const surface = await createSurface();
      harness.setMask(surface, full);
      harness.renderer.attachCanvas(new OffscreenCanvas(1, 1));
      harness.renderer.composite(surface, createOptions({}));
      await harness.renderer.finished();
      await new Promise((resolve) => setTimeout(resolve, 1000));
      const blob = await harness.renderer.snapshot(surface, createOptions({}), 'image/png', 1);
      expect(arrangement(await readBlob(blob))).to.equal('0123');
    });

    it('encodes as asked', async () => {
      const surface = await createSurface();
      const blob = await harness.renderer.snapshot(
        surface,
        createOptions({ effect: 'none' }),
        'image/jpeg',
        0.9,
      );
      expect(blob.type).to.equal('image/jpeg');
    });

    it('clears the canvas', async () => {
      const surface = await createSurface();
      const canvas = new OffscreenCanvas(1, 1);
      harness.renderer.attachCanvas(canvas);
      harness.renderer.composite(surface, createOptions({ effect: 'none' }));
      harness.renderer.clear();
      expect(readCanvas(canvas).data.every((value) => value === 0)).to.equal(true);
    });

    it('presents on a canvas of the page', async () => {
      const element = document.createElement('canvas');
      document.body.append(element);
      harness.renderer.attachCanvas(element.transferControlToOffscreen());
      const surface = await createSurface();
      harness.renderer.composite(surface, createOptions({ effect: 'none' }));
      await harness.renderer.finished();
      const probe = new OffscreenCanvas(64, 48);
      const context = probe.getContext('2d');
      for (let i = 0; i < 60 && arrangement(readCanvas(probe)) !== '0123'; i++) {
        await new Promise(requestAnimationFrame);
        context?.drawImage(element, 0, 0);
      }
      expect(arrangement(readCanvas(probe))).to.equal('0123');
      element.remove();
    });

    it('rejects a closed frame and keeps the picture hidden', async () => {
      const surface = await createSurface();
      harness.setMask(surface, full);
      const frame = createFrame(64, 48);
      frame.close();
      let caught: unknown;
      try {
        await harness.renderer.upload(surface, frame);
      } catch (error) {
        caught = error;
      }
      expect(caught).to.be.instanceOf(Error);
      expect(surface.hasMask).to.equal(false);
    });
  });
}
