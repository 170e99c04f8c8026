import { expect } from '@open-wc/testing';
import type { EffectOptions, Rgba, Surface } from '../../src/stage.ts';
import {
  at,
  blurBackground,
  createReference,
  cutOut,
  fill,
  layOver,
  stretchMask,
  type Picture,
} from '../helpers/reference-composite.ts';
import {
  createModel,
  createOptions,
  harnesses,
  readBlob,
  readCanvas,
  rgbaAt,
  type Harness,
} from '../helpers/renderers.ts';

const [width, height] = [64, 48];
const [maskWidth, maskHeight] = [16, 12];
const quarters: readonly Rgba[] = [
  [200, 30, 40, 255],
  [20, 180, 60, 255],
  [30, 50, 210, 255],
  [240, 240, 240, 255],
];
const colorAt = (x: number, y: number): Rgba =>
  quarters[Number(2 * x >= width) + 2 * Number(2 * y >= height)] as Rgba;

/** A person in the middle, a soft edge two mask pixels wide. */
const personMask = Float32Array.from({ length: maskWidth * maskHeight }, (_, i) => {
  const distance = Math.hypot((i % maskWidth) - 7.5, Math.floor(i / maskWidth) - 5.5);
  return Math.min(1, Math.max(0, (4.5 - distance) / 2));
});

function createFrame(straightAt: (x: number, y: number) => Rgba = colorAt): VideoFrame {
  const data = new Uint8Array(4 * width * height);
  for (let i = 0; i < width * height; i++)
    data.set(straightAt(i % width, Math.floor(i / width)), 4 * i);
  const init = { format: 'RGBA', codedWidth: width, codedHeight: height, timestamp: 0 } as const;
  return new VideoFrame(data, init);
}

const reference = createReference(width, height, (x, y) =>
  colorAt(x, y).map((level) => level / 255),
);
const mask = stretchMask(personMask, maskWidth, maskHeight, width, height);

async function createSurface(harness: Harness, frame = createFrame()): Promise<Surface> {
  const surface = harness.renderer.createSurface();
  await harness.renderer.upload(surface, frame);
  frame.close();
  return surface;
}

/** Largest difference from the reference in premultiplied levels of 255, which is what is seen over black. */
function difference(
  image: ImageData,
  expected: Picture,
  isCompared: (x: number, y: number) => boolean = () => true,
): number {
  let largest = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!isCompared(x, y)) continue;
      const [red = NaN, green = NaN, blue = NaN, alpha = NaN] = rgbaAt(image, x, y);
      const got = [red, green, blue].map((level) => (level * alpha) / 255).concat(alpha);
      at(expected, x, y).forEach((channel, i) => {
        largest = Math.max(largest, Math.abs(255 * channel - (got[i] ?? NaN)));
      });
    }
  }
  return largest;
}

/** 8-bit frames and masks, Skia's bilinear at 1/16 pixel, and un- and premultiplication on reading. */
const rounding = 4;

for (const { name, create } of harnesses) {
  describe(`effects, ${name}`, () => {
    let harness: Harness;
    beforeEach(async () => {
      harness = await create(createModel(maskWidth, maskHeight));
    });
    afterEach(() => harness.dispose());

    async function draw(
      options: Partial<EffectOptions>,
      frame = createFrame(),
    ): Promise<ImageData> {
      const surface = await createSurface(harness, frame);
      harness.setMask(surface, personMask);
      const canvas = new OffscreenCanvas(5, 5);
      harness.renderer.attachCanvas(canvas);
      harness.renderer.composite(surface, createOptions(options));
      const image = readCanvas(canvas);
      const blob = await harness.renderer.snapshot(surface, createOptions(options), 'image/png', 1);
      expect([...(await readBlob(blob)).data], 'snapshot').to.deep.equal([...image.data]);
      surface.destroy();
      return image;
    }

    it('shows the frame as it is for none', async () => {
      expect(difference(await draw({ effect: 'none' }), reference)).to.be.at.most(1);
    });

    it('shows the mask in opaque grey', async () => {
      const grey = createReference(width, height, (x, y) => {
        const m = mask[y * width + x] ?? NaN;
        return [m, m, m, 1];
      });
      expect(difference(await draw({ effect: 'mask' }), grey)).to.be.at.most(rounding);
    });

    it('cuts out with a premultiplied edge', async () => {
      expect(difference(await draw({ effect: 'cutout' }), cutOut(reference, mask))).to.be.at.most(
        rounding,
      );
    });

    it('replaces by a colour', async () => {
      const backgroundColor = [0.2, 0.9, 0.4, 1] as const;
      const expected = layOver(cutOut(reference, mask), fill(width, height, backgroundColor));
      const image = await draw({ effect: 'replace', backgroundColor });
      expect(difference(image, expected)).to.be.at.most(rounding);
    });

    it('replaces by a translucent colour', async () => {
      const backgroundColor = [0.2, 0.9, 0.4, 0.5] as const;
      const expected = layOver(cutOut(reference, mask), fill(width, height, backgroundColor));
      const image = await draw({ effect: 'replace', backgroundColor });
      expect(difference(image, expected)).to.be.at.most(rounding);
    });

    it('leaves what nothing replaces transparent', async () => {
      const image = await draw({ effect: 'replace' });
      expect(difference(image, cutOut(reference, mask))).to.be.at.most(rounding);
    });

    it('covers with the middle of a picture', async () => {
      // Three bands, the outer ones as wide as what a 4:3 frame leaves of a 3:1 picture.
      const canvas = new OffscreenCanvas(144, 48);
      const context = canvas.getContext('2d');
      for (const [i, color] of ['#f00', '#00f', '#f00'].entries()) {
        if (!context) throw new Error('no 2D context');
        context.fillStyle = color;
        context.fillRect([0, 40, 104][i] ?? 0, 0, [40, 64, 40][i] ?? 0, 48);
      }
      const picture = canvas.transferToImageBitmap();
      await harness.renderer.setBackground(picture);
      picture.close();
      const blue = fill(width, height, [0, 0, 1, 1]);
      const expected = layOver(cutOut(reference, mask), blue);
      const image = await draw({ effect: 'replace', backgroundColor: [0, 1, 0, 1] });
      // One column at either side may mix with the band beyond.
      const isInside = (x: number): boolean => x > 0 && x < width - 1;
      expect(difference(image, expected, isInside)).to.be.at.most(rounding);
    });

    it('shrinks a fine picture to flat grey, without moiré', async () => {
      const data = new Uint8ClampedArray(4 * 256 * 192);
      for (let i = 0; i < 256 * 192; i++) {
        const level = ((i % 256) + Math.floor(i / 256)) % 2 === 0 ? 0 : 255;
        data.set([level, level, level, 255], 4 * i);
      }
      const picture = await createImageBitmap(new ImageData(data, 256, 192));
      await harness.renderer.setBackground(picture);
      picture.close();
      const grey = fill(width, height, [0.5, 0.5, 0.5, 1]);
      const image = await draw({ effect: 'replace' });
      expect(difference(image, layOver(cutOut(reference, mask), grey))).to.be.at.most(rounding);
    });

    it('forgets the picture on null', async () => {
      const picture = new OffscreenCanvas(8, 8);
      picture.getContext('2d')?.fillRect(0, 0, 8, 8);
      const bitmap = picture.transferToImageBitmap();
      await harness.renderer.setBackground(bitmap);
      bitmap.close();
      await harness.renderer.setBackground(null);
      const image = await draw({ effect: 'replace' });
      expect(difference(image, cutOut(reference, mask))).to.be.at.most(rounding);
    });

    for (const blurRadiusPx of [1.5, 4, 9]) {
      it(`blurs by a sigma of ${blurRadiusPx} like the reference`, async () => {
        const background = blurBackground(reference, mask, blurRadiusPx);
        const expected = createReference(width, height, (x, y) => {
          const m = mask[y * width + x] ?? NaN;
          const behind = at(background, x, y);
          return at(reference, x, y).map(
            (channel, i) => channel * m + (behind[i] ?? NaN) * (1 - m),
          );
        });
        const image = await draw({ effect: 'blur', blurRadiusPx });
        // Shrinking before the blur moves steps of 200 levels by a part of a pixel; without filter the kernel is not a
        // Gaussian.
        const tolerance = name === '2d without filter' ? 40 : 16;
        expect(difference(image, expected)).to.be.at.most(tolerance);
      });
    }

    it('keeps the colour of the person out of the blurred background', async () => {
      const [red, blue] = [
        [255, 0, 0, 255],
        [0, 0, 255, 255],
      ] as const;
      // Red is only where the mask is 1; the background touches it.
      const frame = createFrame((x, y) => ((mask[y * width + x] ?? 0) > 0 ? red : blue));
      const image = await draw({ effect: 'blur', blurRadiusPx: 6 }, frame);
      const reds: number[] = [];
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          if (mask[y * width + x] === 0) reds.push(rgbaAt(image, x, y)[0] ?? NaN);
        }
      }
      // The soft edge belongs to both, so a part of it is background: 12 % of red at the very edge in the reference.
      const expected = blurBackground(
        createReference(width, height, (x, y) =>
          ((mask[y * width + x] ?? 0) > 0 ? red : blue).map((level) => level / 255),
        ),
        mask,
        6,
      );
      let allowed = 0;
      for (let i = 0; i < width * height; i++) {
        if (mask[i] === 0) allowed = Math.max(allowed, 255 * (expected.values[4 * i] ?? NaN));
      }
      expect(Math.max(...reds)).to.be.at.most(allowed + 16);
    });

    it('leaves nothing sharp of a small hole in the person', async () => {
      const data = createReference(width, height, (x, y) =>
        x % 8 < 4 === y % 8 < 4 ? [1, 1, 1, 1] : [0, 0, 0, 1],
      );
      const holes = Float32Array.from(personMask, (_, i) => (i === 6 * maskWidth + 8 ? 0 : 1));
      const surface = await createSurface(
        harness,
        createFrame((x, y) => at(data, x, y).map((value) => 255 * value) as unknown as Rgba),
      );
      harness.setMask(surface, holes);
      const canvas = new OffscreenCanvas(1, 1);
      harness.renderer.attachCanvas(canvas);
      harness.renderer.composite(surface, createOptions({ effect: 'blur', blurRadiusPx: 8 }));
      const image = readCanvas(canvas);
      // The two pixels in the middle of the hole, where 1 - m is nearly 1, lie on either side of a checker's edge.
      const m = stretchMask(holes, maskWidth, maskHeight, width, height);
      const [a, b] = [
        [31, 25],
        [34, 27],
      ] as const;
      const sharp = Math.abs((at(data, ...a)[0] ?? 0) - (at(data, ...b)[0] ?? 0));
      const seen = Math.abs((rgbaAt(image, ...a)[0] ?? 0) - (rgbaAt(image, ...b)[0] ?? 0)) / 255;
      const shown = Math.max(m[a[1] * width + a[0]] ?? 1, m[b[1] * width + b[0]] ?? 1);
      expect(seen).to.be.at.most(Math.max(shown, 0.12) + (sharp === 0 ? 0.1 : 0.12));
      surface.destroy();
    });

    it('leaves transparent parts of a frame transparent in every effect without a backdrop', async () => {
      for (const effect of ['none', 'cutout', 'blur'] as const) {
        const image = await draw(
          { effect },
          createFrame((x) => (x < 8 ? [0, 0, 0, 0] : [90, 90, 90, 255])),
        );
        expect(rgbaAt(image, 3, 24)[3], effect).to.equal(0);
      }
    });
  });
}
