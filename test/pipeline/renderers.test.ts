import { expect } from '@open-wc/testing';

import { resizeMask } from '../../src/postprocess/resize-mask.ts';
import type { MaskReading } from '../../src/stage.ts';
import type { Effect, EffectOptions, Surface } from '../../src/stage.ts';
import { differenceFromKind, frameKinds, paintQuarters } from '../helpers/frame-kinds.ts';
import {
  createBitmap,
  createRgbaFrame,
  paint,
  paintFlat,
  paintHalves,
  pixelAt,
  type Pixel,
  type Pixels,
} from '../helpers/frames.ts';
import { createModel } from '../helpers/models.ts';
import { createPicture, differenceFromPicture } from '../helpers/pictures.ts';
import { createEffect } from '../helpers/pipelines.ts';
import {
  compositeReference,
  differenceOf,
  paintMask,
  type MaskPixels,
  type Scene,
} from '../helpers/reference-scene.ts';
import {
  asTheModelGaveIt,
  loadSurface,
  readCanvas,
  readSnapshot,
  rigKinds,
  type Rig,
} from '../helpers/rigs.ts';

const [width, height] = [64, 48];
const effects: readonly Effect[] = ['none', 'mask', 'cutout', 'blur', 'replace'];
const hidingEffects = effects.filter((effect) => effect !== 'none');

const red: Pixel = [230, 20, 30, 255];
const grey: Pixel = [128, 128, 128, 255];
const green: Pixel = [10, 200, 60, 255];

const quarters = paintQuarters();
const nobody = paintMask(width, height, () => 0);
const everybody = paintMask(width, height, () => 1);
/** The left half is a person. */
const leftHalf = paintMask(width, height, (x) => (x < width / 2 ? 1 : 0));
const ramp = paintMask(width, height, (x) => x / (width - 1));
/** A quarter of the frame's size, as models' answers are smaller than frames. */
const smallRamp = paintMask(16, 12, (x, y) => (x + y) / 26);
/** A person in the middle with a soft edge of eight pixels. */
const softPerson = paintMask(16, 12, (x, y) => {
  const distance = Math.hypot(x - 7.5, y - 5.5);
  return Math.min(1, Math.max(0, (4.5 - distance) / 2));
});
const blueBackground = createEffect('replace', { backgroundColor: [0, 0, 1, 1] });

for (const { title, tolerance, blurTolerance, isCpu, create } of rigKinds) {
  describe(title, () => {
    const rigs: Rig[] = [];
    const surfaces: Surface[] = [];

    afterEach(async () => {
      for (const surface of surfaces.splice(0)) surface.destroy();
      for (const rig of rigs.splice(0)) await rig.dispose();
    });

    /** For answers of this size. */
    async function createRig(mask: { width: number; height: number } = nobody): Promise<Rig> {
      const rig = await create(createModel({ width: mask.width, height: mask.height }));
      rigs.push(rig);
      return rig;
    }

    /** Of scenes, which leave nothing behind: pipelines take longer to be made than scenes to be drawn. */
    const sceneRigs = new Map<string, Promise<Rig>>();

    after(async () => {
      for (const rig of sceneRigs.values()) await (await rig).dispose();
    });

    function sceneRigFor({ width, height }: { width: number; height: number }): Promise<Rig> {
      const size = `${width}x${height}`;
      const rig = sceneRigs.get(size) ?? create(createModel({ width, height }));
      sceneRigs.set(size, rig);
      return rig;
    }

    async function load(rig: Rig, frame: Pixels, mask: MaskPixels | null): Promise<Surface> {
      const surface = await loadSurface(rig, frame, mask);
      surfaces.push(surface);
      return surface;
    }

    async function setPicture({ renderer }: Rig, picture: Pixels): Promise<void> {
      const bitmap = await createBitmap(picture);
      await renderer.setBackground(bitmap);
      bitmap.close();
    }

    /** What a snapshot of the scene holds. */
    async function draw(scene: Scene): Promise<ImageData> {
      const rig = await sceneRigFor(scene.mask);
      if (scene.picture) await setPicture(rig, scene.picture);
      else await rig.renderer.setBackground(null);
      return readSnapshot(rig, await load(rig, scene.frame, scene.mask), scene.options);
    }

    /** Largest difference from the reference, in levels of 255. */
    async function differenceFor(
      scene: Scene,
      isCompared?: (x: number, y: number) => boolean,
    ): Promise<number> {
      return differenceOf(await draw(scene), compositeReference(scene), isCompared);
    }

    describe('upload', () => {
      for (const kind of frameKinds) {
        it(`takes ${kind.title}`, async () => {
          const rig = await createRig();
          const surface = rig.renderer.createSurface();
          surfaces.push(surface);
          const frame = await kind.create();
          await rig.renderer.upload(surface, frame);
          frame.close();
          const image = await readSnapshot(rig, surface, createEffect('none'));
          expect([image.width, image.height]).to.deep.equal([kind.width, kind.height]);
          expect(differenceFromKind(image, kind)).to.be.at.most(
            isCpu ? kind.cpuTolerance : kind.tolerance,
          );
        });
      }

      it('leaves the frame open', async () => {
        const { renderer } = await createRig();
        const frame = createRgbaFrame(quarters);
        const surface = renderer.createSurface();
        surfaces.push(surface);
        await renderer.upload(surface, frame);
        expect(frame.format).to.equal('RGBA');
        frame.close();
      });

      it('rejects a closed frame and keeps the picture hidden', async () => {
        const rig = await createRig();
        const surface = await load(rig, quarters, everybody);
        const frame = createRgbaFrame(quarters);
        frame.close();
        // A renderer may throw at once.
        const upload = async (): Promise<void> => rig.renderer.upload(surface, frame);
        const caught = await upload().catch((reason: unknown) => reason);
        expect(caught).to.be.instanceOf(Error);
        expect(surface.hasMask).to.equal(false);
      });

      it('begins without size and mask', async () => {
        const { renderer } = await createRig();
        const surface = renderer.createSurface();
        surfaces.push(surface);
        expect([surface.width, surface.height, surface.hasMask]).to.deep.equal([0, 0, false]);
      });

      it('takes the mask of the frame before away', async () => {
        const rig = await createRig();
        const surface = await load(rig, quarters, everybody);
        await loadSurface(rig, quarters, null, surface);
        expect(surface.hasMask).to.equal(false);
      });
    });

    describe('composite', () => {
      for (const effect of ['none', 'mask', 'cutout', 'replace'] as const) {
        const options = createEffect(effect, { backgroundColor: [0.2, 0.4, 0.6, 1] });
        for (const [name, mask] of [
          ['halves', leftHalf],
          ['a ramp', ramp],
          ['a small ramp', smallRamp],
        ] as const) {
          it(`draws ${effect} with ${name}`, async () => {
            const difference = await differenceFor({ frame: quarters, mask, options });
            expect(difference).to.be.at.most(tolerance);
          });

          it(`draws ${effect} with ${name} for a half-transparent frame`, async () => {
            const frame = paint(width, height, (x, y) => [4 * x, 5 * y, 90, y < 24 ? 128 : 255]);
            expect(await differenceFor({ frame, mask, options })).to.be.at.most(tolerance);
          });
        }
      }

      it('keeps the person exactly', async () => {
        for (const effect of ['cutout', 'blur', 'replace'] as const) {
          const options = createEffect(effect);
          const image = await draw({ frame: quarters, mask: leftHalf, options });
          expect(pixelAt(image, 10, 10), effect).to.deep.equal(pixelAt(quarters, 10, 10));
        }
      });

      it('leaves transparent parts of a frame transparent', async () => {
        const frame = paint(width, height, (x) => (x < 8 ? [0, 0, 0, 0] : [90, 90, 90, 255]));
        for (const effect of ['none', 'cutout', 'blur'] as const) {
          const options = createEffect(effect);
          const image = await draw({ frame, mask: softPerson, options });
          expect(pixelAt(image, 3, 24)[3], effect).to.equal(0);
        }
      });

      it('leaves nothing of the background of a cutout', async () => {
        const options = createEffect('cutout');
        const image = await draw({ frame: quarters, mask: leftHalf, options });
        expect(pixelAt(image, 32, 10)).to.deep.equal([0, 0, 0, 0]);
      });

      it('shows on the canvas what a snapshot holds', async () => {
        const rig = await createRig(ramp);
        const canvas = new OffscreenCanvas(1, 1);
        rig.renderer.attachCanvas(canvas);
        const surface = await load(rig, quarters, ramp);
        for (const effect of effects) {
          const options = createEffect(effect);
          rig.renderer.composite(surface, options);
          const shown = readCanvas(canvas);
          const snapshot = await readSnapshot(rig, surface, options);
          expect([...shown.data], effect).to.deep.equal([...snapshot.data]);
        }
      });

      for (const effect of ['none', 'mask', 'cutout', 'replace'] as const) {
        it(`shows ${effect} on the canvas`, async () => {
          const rig = await createRig(ramp);
          const canvas = new OffscreenCanvas(1, 1);
          rig.renderer.attachCanvas(canvas);
          const surface = await load(rig, quarters, ramp);
          const options = createEffect(effect, { backgroundColor: [1, 0.5, 0, 0.5] });
          rig.renderer.composite(surface, options);
          const reference = compositeReference({ frame: quarters, mask: ramp, options });
          expect(differenceOf(readCanvas(canvas), reference)).to.be.at.most(tolerance);
        });
      }

      for (const effect of hidingEffects) {
        it(`draws nothing for ${effect} without a mask`, async () => {
          const rig = await createRig();
          const canvas = new OffscreenCanvas(width, height);
          rig.renderer.attachCanvas(canvas);
          rig.renderer.composite(await load(rig, quarters, null), createEffect(effect));
          expect(readCanvas(canvas).data.every((level) => level === 0)).to.equal(true);
        });

        it(`does nothing without a canvas for ${effect}`, async () => {
          const rig = await createRig();
          rig.renderer.composite(await load(rig, quarters, leftHalf), createEffect(effect));
          await rig.renderer.finished();
        });
      }

      it('draws surfaces of changing size', async () => {
        const rig = await createRig(smallRamp);
        const canvas = new OffscreenCanvas(1, 1);
        rig.renderer.attachCanvas(canvas);
        const surface = await load(rig, quarters, smallRamp);
        for (const [w, h] of [
          [64, 48],
          [32, 20],
          [80, 10],
          [9, 60],
          [64, 48],
        ] as const) {
          const frame = paintQuarters(w, h);
          await loadSurface(rig, frame, smallRamp, surface);
          rig.renderer.composite(surface, blueBackground);
          const reference = compositeReference({ frame, mask: smallRamp, options: blueBackground });
          const shown = readCanvas(canvas);
          expect([shown.width, shown.height]).to.deep.equal([w, h]);
          expect(differenceOf(shown, reference), `${w}x${h}`).to.be.at.most(tolerance);
        }
      });

      it('blurs surfaces of changing size', async () => {
        const rig = await createRig(leftHalf);
        const surface = await load(rig, paintFlat(32, 20, grey), nobody);
        for (const [w, h] of [
          [64, 48],
          [7, 50],
          [33, 21],
        ] as const) {
          await loadSurface(rig, paintFlat(w, h, grey), nobody, surface);
          const image = await readSnapshot(rig, surface, createEffect('blur'));
          const flat = Array.from({ length: w * h }, () => grey);
          expect(differenceOf(image, flat), `${w}x${h}`).to.be.at.most(blurTolerance);
        }
      });

      it('draws each of two surfaces with its own frame and mask', async () => {
        const rig = await createRig();
        const first = await load(rig, quarters, leftHalf);
        const second = await load(rig, paintFlat(width, height, green), ramp);
        for (const [surface, frame, mask] of [
          [first, quarters, leftHalf],
          [second, paintFlat(width, height, green), ramp],
          [first, quarters, leftHalf],
        ] as const) {
          const image = await readSnapshot(rig, surface, blueBackground);
          const reference = compositeReference({ frame, mask, options: blueBackground });
          expect(differenceOf(image, reference)).to.be.at.most(tolerance);
        }
      });

      it('goes through all effects and back on one surface', async () => {
        const rig = await createRig(ramp);
        const surface = await load(rig, quarters, ramp);
        for (const effect of [...effects, ...[...effects].reverse()]) {
          if (effect === 'blur') {
            await readSnapshot(rig, surface, createEffect(effect));
            continue;
          }
          const options = createEffect(effect);
          const image = await readSnapshot(rig, surface, options);
          const reference = compositeReference({ frame: quarters, mask: ramp, options });
          expect(differenceOf(image, reference), effect).to.be.at.most(tolerance);
        }
      });

      it('presents on a canvas of the page', async () => {
        const rig = await createRig();
        const element = document.createElement('canvas');
        document.body.append(element);
        rig.renderer.attachCanvas(element.transferControlToOffscreen());
        const surface = rig.renderer.createSurface();
        surfaces.push(surface);
        const frame = new VideoFrame(createPicture(width, height), { timestamp: 0 });
        await rig.renderer.upload(surface, frame);
        frame.close();
        rig.renderer.composite(surface, createEffect('none'));
        await rig.renderer.finished();
        // The page shows it with one of the next display frames; the time limit of tests ends it otherwise.
        while (differenceFromPicture(await createImageBitmap(element)) > 6) {
          await new Promise(requestAnimationFrame);
        }
        element.remove();
      });

      it('presents on the canvas attached last', async () => {
        const rig = await createRig();
        const surface = await load(rig, paintFlat(width, height, green), everybody);
        rig.renderer.attachCanvas(new OffscreenCanvas(1, 1));
        rig.renderer.composite(surface, createEffect('cutout'));
        const canvas = new OffscreenCanvas(1, 1);
        rig.renderer.attachCanvas(canvas);
        rig.renderer.composite(surface, createEffect('cutout'));
        expect(pixelAt(readCanvas(canvas), 5, 5)).to.deep.equal(green);
      });
    });

    describe('blur', () => {
      const radii = [0, 4, 40, 400];

      for (const radius of radii) {
        const options = createEffect('blur', { blurRadiusPx: radius });

        it(`leaves a flat background as it is at ${radius} px`, async () => {
          const scene = { frame: paintFlat(width, height, green), mask: nobody, options };
          const flat = Array.from({ length: width * height }, () => green);
          expect(differenceOf(await draw(scene), flat)).to.be.at.most(blurTolerance);
        });

        it(`is opaque everywhere at ${radius} px`, async () => {
          const image = await draw({ frame: quarters, mask: ramp, options });
          const alphas = image.data.filter((_, i) => i % 4 === 3);
          expect(Math.min(...alphas)).to.be.at.least(255 - blurTolerance);
        });

        // Edges of the person at a third, in no step with the smaller textures that a blur works on. What is left of
        // the room is known to half a level where it is stored in 8 bits: to half a level by its share once it is
        // opaque again.
        for (const [name, isPerson, share] of [
          ['at the left', (x) => x < 29, 35 / 64],
          ['in the middle', (x, y) => x >= 19 && x < 41 && y >= 13, 3 / 4],
          ['all but a strip', (x) => x < 61, 3 / 64],
        ] as const satisfies readonly [string, (x: number, y: number) => boolean, number][]) {
          const scene: Scene = {
            frame: paint(width, height, (x, y) => (isPerson(x, y) ? red : grey)),
            mask: paintMask(width, height, (x, y) => (isPerson(x, y) ? 1 : 0)),
            options,
          };

          it(`lets no colour of a person ${name} into the room at ${radius} px`, async () => {
            const image = await draw(scene);
            const tints = [...image.data.keys()]
              .filter((i) => i % 4 === 0 && !isPerson((i / 4) % width, Math.floor(i / 4 / width)))
              .map((i) => {
                const color = image.data.subarray(i, i + 3);
                return Math.max(...color) - Math.min(...color);
              });
            expect(Math.max(...tints)).to.be.at.most(blurTolerance);
          });

          it(`leaves a flat room beside a person ${name} as it is at ${radius} px`, async () => {
            const flat = Array.from({ length: width * height }, () => grey);
            const difference = differenceOf(await draw(scene), flat, (x, y) => !isPerson(x, y));
            expect(difference).to.be.at.most(blurTolerance + (isCpu ? 0.5 / share : 0));
          });
        }
      }

      it('leaves what is transparent in the frame transparent', async () => {
        const frame = paintFlat(width, height, [0, 0, 0, 0]);
        const image = await draw({ frame, mask: nobody, options: createEffect('blur') });
        expect(pixelAt(image, 32, 24)).to.deep.equal([0, 0, 0, 0]);
      });

      it('leaves the background sharp at 0 px', async () => {
        const options = createEffect('blur', { blurRadiusPx: 0 });
        const frame = paint(width, height, (x, y) => [4 * x, 5 * y, (37 * x * y) % 256, 255]);
        expect(
          differenceOf(await draw({ frame, mask: nobody, options }), premultiplied(frame)),
        ).to.be.at.most(blurTolerance);
      });

      it('makes grey of fine patterns', async () => {
        const frame = paint(width, height, (x, y) =>
          (x + y) % 2 ? [255, 255, 255, 255] : [0, 0, 0, 255],
        );
        const image = await draw({ frame, mask: nobody, options: createEffect('blur') });
        const flat = Array.from(
          { length: width * height },
          () => [127.5, 127.5, 127.5, 255] as const,
        );
        // Nothing is left of the pattern but for half a pixel in its part at the edge: 2 of 256 within 8 pixels.
        const inside = (x: number, y: number): boolean =>
          x >= 4 && y >= 4 && x < width - 4 && y < height - 4;
        expect(differenceOf(image, flat, inside)).to.be.at.most(blurTolerance + 2);
      });

      for (const radius of [2, 4, 8]) {
        it(`is a Gaussian of ${radius} px`, async () => {
          const frame = paint(96, 16, (x) => (x < 48 ? [40, 80, 120, 255] : [200, 180, 160, 255]));
          const mask = paintMask(width, height, () => 0);
          const options = createEffect('blur', { blurRadiusPx: radius });
          const reference = compositeReference({ frame, mask, options });
          const image = await draw({ frame, mask, options });
          // The step is 160 levels. Working on a smaller texture moves its middle by up to a quarter of a texel of a
          // third of sigma, 3 % of the step, and flattens it by as much. Far from the ends, where no two agree on
          // what lies outside.
          const inside = (x: number): boolean => x >= 24 && x < 72;
          expect(differenceOf(image, reference, inside)).to.be.at.most(blurTolerance + 10);
        });
      }

      for (const radius of [1.5, 4, 9]) {
        const options = createEffect('blur', { blurRadiusPx: radius });
        // Shrinking before the blur moves steps of 200 levels by a part of a pixel.
        const blurredStep = 16;

        it(`is a Gaussian of ${radius} px around a person with a soft edge`, async () => {
          const difference = await differenceFor({ frame: quarters, mask: softPerson, options });
          expect(difference).to.be.at.most(blurredStep);
        });

        it(`lets no more of a person with a soft edge into the room than a Gaussian of ${radius} px`, async () => {
          const shares = compositeReference({
            frame: quarters,
            mask: softPerson,
            options: createEffect('mask'),
          }).map(([level]) => level);
          const frame = paint(width, height, (x, y) =>
            shares[y * width + x] === 0 ? [0, 0, 255, 255] : [255, 0, 0, 255],
          );
          const scene = { frame, mask: softPerson, options };
          const image = await draw(scene);
          const mostRed = (pixels: readonly (readonly number[])[]): number =>
            Math.max(...pixels.map(([level = NaN], i) => (shares[i] === 0 ? level : 0)));
          expect(mostRed(premultiplied(image))).to.be.at.most(
            mostRed(compositeReference(scene)) + blurredStep,
          );
        });
      }

      it('leaves nothing sharp of a small hole in the person', async () => {
        const frame = paint(width, height, (x, y) =>
          (x + 2) % 8 < 4 === y % 8 < 4 ? [255, 255, 255, 255] : [0, 0, 0, 255],
        );
        const mask = paintMask(16, 12, (x, y) => (x === 8 && y === 6 ? 0 : 1));
        const image = await draw({ frame, mask, options: createEffect('blur') });
        // On either side of a checker's edge, half a pixel off the middle of the hole.
        const [left, right] = [pixelAt(image, 33, 26)[0], pixelAt(image, 34, 26)[0]];
        const leftOfPerson = 1 - (7 / 8) ** 2;
        expect(Math.abs(left - right)).to.be.at.most(255 * leftOfPerson + 16);
      });

      it('weighs the room by what is no person', async () => {
        // Half of the person everywhere: the room is the frame blurred, and shows by half.
        const frame = paintHalves(96, 16, [40, 80, 120, 255], [200, 180, 160, 255]);
        const mask = paintMask(width, height, () => 0.5);
        const options = createEffect('blur', { blurRadiusPx: 4 });
        const reference = compositeReference({ frame, mask, options });
        const inside = (x: number): boolean => x >= 24 && x < 72;
        const difference = differenceOf(await draw({ frame, mask, options }), reference, inside);
        expect(difference).to.be.at.most(blurTolerance + 5);
      });

      it('follows a change of its radius', async () => {
        const rig = await createRig();
        const frame = paint(width, height, (x) =>
          x % 16 < 8 ? [0, 0, 0, 255] : [255, 255, 255, 255],
        );
        const surface = await load(rig, frame, nobody);
        const spreads: number[] = [];
        for (const blurRadiusPx of [0, 4, 40, 4, 0]) {
          const options = createEffect('blur', { blurRadiusPx });
          const { data } = await readSnapshot(rig, surface, options);
          // One row away from the ends, where a wide blur leaves a slope.
          const levels = Array.from(
            { length: 32 },
            (_, x) => data[4 * (24 * width + 16 + x)] ?? NaN,
          );
          spreads.push(Math.max(...levels) - Math.min(...levels));
        }
        const [sharp = NaN, soft = NaN, flat = NaN] = spreads;
        expect(spreads).to.deep.equal([sharp, soft, flat, soft, sharp]);
        expect(sharp > soft + 40 && soft > flat + 20).to.equal(true);
      });
    });

    describe('replace', () => {
      const stripes: readonly Pixel[] = [red, green, [20, 40, 220, 255], [250, 240, 10, 255]];
      const stripe = (index: number): Pixel => stripes[index % 4] ?? red;
      const replace = createEffect('replace');
      /**
       * Not within ten pixels of where stripes meet, at multiples of half the size: pictures grow fourfold here, with
       * a filter as wide as four of their pixels.
       */
      const awayX = (x: number): boolean => Math.abs(((x + 0.5 + 16) % 32) - 16) > 10;
      const awayY = (_: number, y: number): boolean => Math.abs(((y + 0.5 + 12) % 24) - 12) > 10;

      for (const [name, picture, isCompared] of [
        ['as large', paint(64, 48, (x) => stripe(Math.floor(x / 32))), awayX],
        ['wider', paint(128, 48, (x) => stripe(Math.floor(x / 32))), awayX],
        ['taller', paint(64, 96, (_, y) => stripe(Math.floor(y / 24))), awayY],
        ['smaller and wider', paint(32, 12, (x) => stripe(Math.floor(x / 8))), awayX],
        ['smaller and taller', paint(16, 24, (_, y) => stripe(Math.floor(y / 6))), awayY],
        ['larger and wider', paint(512, 192, (x) => stripe(Math.floor(x / 128))), awayX],
        ['larger and taller', paint(256, 384, (_, y) => stripe(Math.floor(y / 96))), awayY],
      ] as const) {
        it(`covers with a picture that is ${name}`, async () => {
          const scene = { frame: quarters, mask: nobody, picture, options: replace };
          expect(await differenceFor(scene, isCompared)).to.be.at.most(tolerance);
        });
      }

      it('shrinks a fine picture to flat grey, without moiré', async () => {
        const picture = paint(256, 192, (x, y) =>
          (x + y) % 2 === 0 ? [0, 0, 0, 255] : [255, 255, 255, 255],
        );
        const image = await draw({ frame: quarters, mask: nobody, picture, options: replace });
        const flat = Array.from(
          { length: width * height },
          () => [127.5, 127.5, 127.5, 255] as const,
        );
        expect(differenceOf(image, flat)).to.be.at.most(tolerance);
      });

      it('draws the person over a picture', async () => {
        const picture = paintFlat(20, 30, green);
        const scene = { frame: quarters, mask: ramp, picture, options: replace };
        expect(await differenceFor(scene)).to.be.at.most(tolerance);
      });

      for (const [name, backgroundColor, picture] of [
        ['a half-transparent colour', [0.2, 0.4, 0.8, 0.5], null],
        ['no colour', [1, 1, 1, 0], null],
        ['a half-transparent picture', [0, 0, 0, 0], paintFlat(30, 30, [200, 100, 50, 128])],
        [
          'a half-transparent picture over a colour',
          [0, 1, 0, 1],
          paintFlat(30, 30, [200, 100, 50, 128]),
        ],
        [
          'a half-transparent picture over a half-transparent colour',
          [0, 1, 0, 0.5],
          paintFlat(30, 30, [200, 100, 50, 128]),
        ],
        ['a picture that hides the colour', [0, 1, 0, 1], paintFlat(30, 30, red)],
      ] as const) {
        it(`draws the person over ${name}`, async () => {
          const options = createEffect('replace', { backgroundColor });
          const scene = { frame: quarters, mask: ramp, picture, options };
          expect(await differenceFor(scene)).to.be.at.most(tolerance);
        });
      }

      it('takes one picture after another, and none', async () => {
        const rig = await createRig(nobody);
        const surface = await load(rig, quarters, nobody);
        const seen: Pixel[] = [];
        for (const picture of [
          paintFlat(8, 8, red),
          paintFlat(8, 8, green),
          paintFlat(70, 20, grey),
          null,
          paintFlat(8, 8, red),
        ]) {
          if (picture) await setPicture(rig, picture);
          else await rig.renderer.setBackground(null);
          seen.push(pixelAt(await readSnapshot(rig, surface, blueBackground), 32, 24));
        }
        expect(seen).to.deep.equal([red, green, grey, [0, 0, 255, 255], red]);
      });

      it('keeps the picture through other effects', async () => {
        const rig = await createRig(nobody);
        const surface = await load(rig, quarters, nobody);
        await setPicture(rig, paintFlat(8, 8, red));
        for (const effect of effects) await readSnapshot(rig, surface, createEffect(effect));
        const image = await readSnapshot(rig, surface, blueBackground);
        expect(pixelAt(image, 32, 24)).to.deep.equal(red);
      });

      it('shows the picture with no other effect', async () => {
        const rig = await createRig(ramp);
        await setPicture(rig, paintFlat(8, 8, red));
        const options = createEffect('cutout');
        const image = await readSnapshot(rig, await load(rig, quarters, ramp), options);
        const reference = compositeReference({ frame: quarters, mask: ramp, options });
        expect(differenceOf(image, reference)).to.be.at.most(tolerance);
      });

      for (const kind of frameKinds) {
        it(`takes as its picture ${kind.title}`, async () => {
          const rig = await createRig(nobody);
          const picture = await kind.create();
          await rig.renderer.setBackground(picture);
          picture.close();
          const frame = paintFlat(kind.width, kind.height, grey);
          const image = await readSnapshot(rig, await load(rig, frame, nobody), replace);
          const { cpuTolerance } = kind;
          expect(differenceFromKind(image, kind)).to.be.at.most(
            tolerance + (isCpu ? cpuTolerance : kind.tolerance),
          );
        });
      }
    });

    describe('clear', () => {
      it('makes the canvas transparent', async () => {
        const rig = await createRig();
        const canvas = new OffscreenCanvas(1, 1);
        rig.renderer.attachCanvas(canvas);
        rig.renderer.composite(await load(rig, quarters, everybody), createEffect('none'));
        rig.renderer.clear();
        expect(readCanvas(canvas).data.every((level) => level === 0)).to.equal(true);
      });

      it('does nothing before anything was drawn', async () => {
        const rig = await createRig();
        rig.renderer.clear();
        const canvas = new OffscreenCanvas(4, 4);
        rig.renderer.attachCanvas(canvas);
        rig.renderer.clear();
        expect(readCanvas(canvas).data.every((level) => level === 0)).to.equal(true);
      });

      it('lets the next composite be drawn', async () => {
        const rig = await createRig();
        const canvas = new OffscreenCanvas(1, 1);
        rig.renderer.attachCanvas(canvas);
        const surface = await load(rig, paintFlat(width, height, green), everybody);
        rig.renderer.composite(surface, createEffect('none'));
        rig.renderer.clear();
        rig.renderer.composite(surface, createEffect('cutout'));
        expect(pixelAt(readCanvas(canvas), 5, 5)).to.deep.equal(green);
      });
    });

    describe('snapshot', () => {
      it('holds the frame a second after it was drawn', async () => {
        const rig = await createRig(ramp);
        rig.renderer.attachCanvas(new OffscreenCanvas(1, 1));
        const surface = await load(rig, quarters, ramp);
        rig.renderer.composite(surface, blueBackground);
        // Nothing to wait for: what a WebGPU canvas holds is gone some time after its task.
        await new Promise((resolve) => setTimeout(resolve, 1000));
        const image = await readSnapshot(rig, surface, blueBackground);
        const reference = compositeReference({
          frame: quarters,
          mask: ramp,
          options: blueBackground,
        });
        expect(differenceOf(image, reference)).to.be.at.most(tolerance);
      });

      it('holds nothing for effects that hide when a mask is missing', async () => {
        const rig = await createRig();
        const surface = await load(rig, quarters, null);
        for (const effect of hidingEffects) {
          const options = createEffect(effect, { backgroundColor: [1, 0, 0, 1] });
          const image = await readSnapshot(rig, surface, options);
          expect(
            image.data.every((level) => level === 0),
            effect,
          ).to.equal(true);
        }
      });

      it('holds nothing of an earlier frame when a mask is missing', async () => {
        const rig = await createRig();
        rig.renderer.attachCanvas(new OffscreenCanvas(1, 1));
        rig.renderer.composite(await load(rig, quarters, everybody), createEffect('cutout'));
        const next = await load(rig, quarters, null);
        const image = await readSnapshot(rig, next, createEffect('cutout'));
        expect(image.data.every((level) => level === 0)).to.equal(true);
      });

      it('holds nothing of what was shown bare when a mask is missing', async () => {
        const rig = await createRig();
        rig.renderer.attachCanvas(new OffscreenCanvas(1, 1));
        const surface = await load(rig, quarters, null);
        rig.renderer.composite(surface, createEffect('none'));
        const image = await readSnapshot(rig, surface, createEffect('cutout'));
        expect(image.data.every((level) => level === 0)).to.equal(true);
      });

      it('holds the frame after the canvas was cleared', async () => {
        const rig = await createRig(ramp);
        rig.renderer.attachCanvas(new OffscreenCanvas(1, 1));
        const surface = await load(rig, quarters, everybody);
        rig.renderer.composite(surface, createEffect('cutout'));
        rig.renderer.clear();
        const image = await readSnapshot(rig, surface, createEffect('cutout'));
        expect(differenceOf(image, premultiplied(quarters))).to.be.at.most(tolerance);
      });

      for (const type of ['image/png', 'image/jpeg', 'image/webp']) {
        it(`is a file of type ${type}`, async () => {
          const rig = await createRig();
          const surface = await load(rig, quarters, everybody);
          const options: EffectOptions = createEffect('cutout');
          const blob = await rig.renderer.snapshot(surface, options, type, 0.8);
          expect(blob.type).to.equal(type);
        });
      }

      it('is smaller where the quality is less', async () => {
        const rig = await createRig();
        const noise = paint(width, height, (x, y) => [
          (x * 97) % 256,
          (y * 61) % 256,
          (x * y) % 256,
          255,
        ]);
        const surface = await load(rig, noise, everybody);
        const sizes: number[] = [];
        for (const quality of [0.1, 0.9]) {
          const options = createEffect('none');
          sizes.push((await rig.renderer.snapshot(surface, options, 'image/jpeg', quality)).size);
        }
        expect(sizes[0]).to.be.below(sizes[1] ?? NaN);
      });
    });

    describe('readMask', () => {
      const noise = paintMask(16, 12, (x, y) => ((x * 37 + y * 11) % 64) / 64);
      const asFloats = { width: 16, height: 12, values: 'floats', threshold: 0.5 } as const;

      it('gives what postprocess stored', async () => {
        const rig = await createRig(noise);
        const found = await rig.renderer.readMask(await load(rig, quarters, noise), asFloats);
        expect([...found]).to.deep.equal([...noise.values]);
      });

      it('gives the mask as it was when it was asked for', async () => {
        const rig = await createRig(noise);
        const surface = await load(rig, quarters, noise);
        const reading = rig.renderer.readMask(surface, asFloats);
        const nobody = rig.answer(new Float32Array(noise.values.length));
        rig.renderer.postprocess(surface, nobody, asTheModelGaveIt);
        expect([...(await reading)]).to.deep.equal([...noise.values]);
      });

      it('reads several masks at once', async () => {
        const rig = await createRig(noise);
        const other = paintMask(16, 12, (x) => x / 16);
        const surfaceOfNoise = await load(rig, quarters, noise);
        const surfaceOfOther = await load(rig, quarters, other);
        const found = await Promise.all(
          [surfaceOfNoise, surfaceOfOther, surfaceOfNoise].map((surface) =>
            rig.renderer.readMask(surface, asFloats),
          ),
        );
        expect(found.map((values) => values.join())).to.deep.equal(
          [noise, other, noise].map(({ values }) => values.join()),
        );
      });

      // Larger, smaller and uneven, with rows that do not end with a word.
      for (const [width, height] of [
        [64, 48],
        [61, 47],
        [7, 5],
        [1, 1],
        [600, 300],
      ] as const) {
        it(`resizes it to ${width}x${height} in every form`, async () => {
          const rig = await createRig(noise);
          const surface = await load(rig, quarters, noise);
          const expected = new Float32Array(width * height);
          resizeMask(noise.values, 16, 12, expected, width, height);
          const read = (values: MaskReading['values']) =>
            rig.renderer.readMask(surface, { width, height, values, threshold: 0.4 });
          const [floats, levels, classes] = [
            await read('floats'),
            await read('levels'),
            await read('classes'),
          ];
          expect(floats).to.be.instanceOf(Float32Array);
          expect(levels).to.be.instanceOf(Uint8Array);
          expect([floats.length, levels.length, classes.length]).to.deep.equal(
            [0, 0, 0].map(() => width * height),
          );
          // Single precision in another order.
          const rounding = 1e-5;
          const isWrong = (value: number, i: number): boolean =>
            !(Math.abs((floats[i] ?? NaN) - value) <= rounding) ||
            !(Math.abs((levels[i] ?? NaN) - value * 255) <= 0.51) ||
            (Math.abs(value - 0.4) > rounding && classes[i] !== Number(value >= 0.4));
          // An assertion for each of 180,000 values takes longer than all other tests together.
          expect([...expected.entries()].filter(([i, value]) => isWrong(value, i))).to.deep.equal(
            [],
          );
        });
      }

      it('gives pixels that may be transferred', async () => {
        const rig = await createRig(noise);
        const surface = await load(rig, quarters, noise);
        const first = await rig.renderer.readMask(surface, asFloats);
        structuredClone(null, { transfer: [first.buffer] });
        const second = await rig.renderer.readMask(surface, asFloats);
        expect([...second]).to.deep.equal([...noise.values]);
      });

      it('reads masks of different sizes in turn', async () => {
        const rig = await createRig(noise);
        const surface = await load(rig, quarters, noise);
        const small = { width: 4, height: 3, values: 'levels', threshold: 0.5 } as const;
        const found = await Promise.all(
          [asFloats, small, asFloats, small].map((reading) =>
            rig.renderer.readMask(surface, reading),
          ),
        );
        expect(found.map(({ length }) => length)).to.deep.equal([192, 12, 192, 12]);
        expect([...(found[2] ?? [])]).to.deep.equal([...noise.values]);
        expect([...(found[3] ?? [])]).to.deep.equal([...(found[1] ?? [0])]);
      });
    });

    describe('postprocess', () => {
      it('tells that there is a mask', async () => {
        const rig = await createRig();
        expect((await load(rig, quarters, ramp)).hasMask).to.equal(true);
      });

      it('keeps nothing of the answer itself', async () => {
        const rig = await createRig(ramp);
        const surface = await load(rig, quarters, { ...ramp, values: ramp.values.slice() });
        const answer = rig.answer(new Float32Array(ramp.values.length));
        if (answer instanceof Float32Array) answer.fill(0);
        const options = createEffect('cutout');
        const image = await readSnapshot(rig, surface, options);
        const reference = compositeReference({ frame: quarters, mask: ramp, options });
        expect(differenceOf(image, reference)).to.be.at.most(tolerance);
      });
    });
  });
}

/** Opaque pixels as the reference has them. */
function premultiplied({ data }: Pixels): Pixel[] {
  return Array.from({ length: data.length / 4 }, (_, i) => {
    return [...data.subarray(4 * i, 4 * i + 4)] as unknown as Pixel;
  });
}
