import { expect } from '@open-wc/testing';

import type { EffectOptions, Surface } from '../../src/stage.ts';
import { createBitmap, paintFlat, paintHalves, pixelAt, type Pixel } from '../helpers/frames.ts';
import { createModel } from '../helpers/models.ts';
import { createEffect } from '../helpers/pipelines.ts';
import { paintMask } from '../helpers/reference-scene.ts';
import { loadSurface, rigKinds, type Rig } from '../helpers/rigs.ts';

const [width, height] = [64, 48];
const wide = { colorSpace: 'display-p3' } as const;
/** The left half is a person. */
const mask = paintMask(width, height, (x) => (x < width / 2 ? 1 : 0));
const narrow = paintHalves(width, height, [20, 200, 60, 255], [230, 20, 30, 255]);
const violet: Pixel = [120, 40, 210, 255];
const [person, wall] = [
  [10, 24],
  [54, 24],
] as const;

function createWideContext(): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext('2d', wide);
  if (!context) throw new Error('no 2D context');
  return context;
}

/** A green person before a red wall, both as far beyond sRGB as Display P3 goes. */
async function createWidePhoto(): Promise<ImageBitmap> {
  const context = createWideContext();
  context.fillStyle = 'color(display-p3 1 0 0)';
  context.fillRect(0, 0, width, height);
  context.fillStyle = 'color(display-p3 0 1 0)';
  context.fillRect(0, 0, width / 2, height);
  return createImageBitmap(await context.canvas.convertToBlob());
}

/** As Display P3, or as sRGB. */
async function decode(blob: Blob, settings: ImageDataSettings = wide): Promise<ImageData> {
  const context = new OffscreenCanvas(width, height).getContext('2d', settings);
  if (!context) throw new Error('no 2D context');
  context.drawImage(await createImageBitmap(blob), 0, 0);
  return context.getImageData(0, 0, width, height, settings);
}

function expectNarrow(image: ImageData): void {
  expect([...image.data]).to.deep.equal([...narrow.data]);
}

/** What the browser makes of an sRGB colour in Display P3. */
function toWide([red, green, blue]: Pixel): Pixel {
  const context = createWideContext();
  context.fillStyle = `rgb(${red} ${green} ${blue})`;
  context.fillRect(0, 0, 1, 1);
  return pixelAt(context.getImageData(0, 0, 1, 1, wide), 0, 0);
}

function expectLevels(actual: Pixel, expected: Pixel): void {
  const difference = Math.max(...actual.map((level, i) => Math.abs(level - (expected[i] ?? NaN))));
  expect(difference, `${actual.join()} for ${expected.join()}`).to.be.at.most(3);
}

for (const { title, create } of rigKinds) {
  describe(`${title} with a Display P3 photo`, () => {
    let rig: Rig;
    let surface: Surface;

    before(async () => {
      rig = await create(createModel());
      surface = rig.renderer.createSurface();
    });

    beforeEach(loadWide);

    after(async () => {
      surface.destroy();
      await rig.dispose();
    });

    async function loadWide(): Promise<void> {
      const photo = await createWidePhoto();
      await rig.renderer.upload(surface, photo);
      photo.close();
      rig.renderer.postprocess(surface, rig.answer(mask.values), { refine: false, stream: null });
    }

    async function snapshot(options: EffectOptions): Promise<ImageData> {
      const blob = await rig.renderer.snapshot(surface, options, 'image/png', 1);
      return decode(blob);
    }

    it('keeps its colours in a snapshot', async () => {
      const image = await snapshot(createEffect('cutout'));
      expectLevels(pixelAt(image, ...person), [0, 255, 0, 255]);
      expect(pixelAt(image, ...wall)[3]).to.equal(0);
      expectLevels(pixelAt(await snapshot(createEffect('none')), ...wall), [255, 0, 0, 255]);
      const blurred = await snapshot(createEffect('blur'));
      expectLevels(pixelAt(blurred, width - 1, 24), [255, 0, 0, 255]);
    });

    it('shows the colour behind the person as it is', async () => {
      const red = createEffect('replace', { backgroundColor: [1, 0, 0, 1] });
      const image = await snapshot(red);
      expectLevels(pixelAt(image, ...person), [0, 255, 0, 255]);
      // The red of sRGB in Display P3 (CSS Color 4).
      expectLevels(pixelAt(image, ...wall), [234, 51, 35, 255]);
    });

    it('shows the picture behind the person as it is, also behind others', async () => {
      const picture = await createBitmap(paintFlat(8, 8, violet));
      await rig.renderer.setBackground(picture);
      picture.close();
      const replaced = createEffect('replace');
      expectLevels(pixelAt(await snapshot(replaced), ...wall), toWide(violet));
      await loadSurface(rig, narrow, mask, surface);
      expectLevels(pixelAt(await snapshot(replaced), ...wall), toWide(violet));
      await rig.renderer.setBackground(null);
    });

    it('leaves the sRGB photo after it exactly as it is', async () => {
      await loadSurface(rig, narrow, mask, surface);
      const bare = createEffect('none');
      const blob = await rig.renderer.snapshot(surface, bare, 'image/png', 1);
      expectNarrow(await decode(blob, { colorSpace: 'srgb' }));
    });

    // A 2D canvas cannot change its colour space.
    if (title !== 'CanvasRenderer') {
      it('keeps its colours on the canvas, and those of the next one', async () => {
        const canvas = new OffscreenCanvas(width, height);
        rig.renderer.attachCanvas(canvas);
        // Chromium takes an OffscreenCanvas that is drawn to another one to sRGB, but not what it encodes or presents.
        const show = (): Promise<Blob> => {
          rig.renderer.composite(surface, createEffect('none'));
          return canvas.convertToBlob();
        };
        expectLevels(pixelAt(await decode(await show()), ...person), [0, 255, 0, 255]);
        await loadSurface(rig, narrow, mask, surface);
        expectNarrow(await decode(await show(), { colorSpace: 'srgb' }));
        await loadWide();
        expectLevels(pixelAt(await decode(await show()), ...person), [0, 255, 0, 255]);
      });
    }
  });
}
