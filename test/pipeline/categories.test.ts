/** Maps of classes through each renderer: from a model's answer to what is read. */
import { expect } from '@open-wc/testing';

import type { ClassSelection, CpuAnswer, MaskReading } from '../../src/stage.ts';
import { ClassReducer } from '../../src/util/class-reducer.ts';
import { createNoise, createTensor } from '../helpers/class-answers.ts';
import { createBitmap, paintFlat } from '../helpers/frames.ts';
import { createModel } from '../helpers/models.ts';
import { asTheModelGaveIt, rigKinds, type Rig } from '../helpers/rigs.ts';

const tensor = createTensor('softmax', 'nchw', 4, [6, 5]);
const model = createModel(tensor);
const noise = createNoise(tensor);
const selection: ClassSelection = { foreground: [2], hasCategories: true };

function reduce(answer: Float32Array, foreground: readonly number[]) {
  const mask = new Float32Array(30);
  const categories = new Uint8Array(30);
  new ClassReducer(tensor).reduce(answer, foreground, mask, categories);
  return { mask, categories };
}

/** The answer as the renderer's engine would hand it over. */
function answerOf({ renderer, answer }: Rig, values: Float32Array<ArrayBuffer>): unknown {
  if (renderer.kind === 'webgpu') return answer(values);
  return reduce(values, selection.foreground) satisfies CpuAnswer;
}

function nearest(categories: Uint8Array, width: number, height: number): number[] {
  return Array.from({ length: width * height }, (_, i) => {
    const column = Math.floor((((i % width) + 0.5) * 6) / width);
    const row = Math.floor(((Math.floor(i / width) + 0.5) * 5) / height);
    return categories[row * 6 + column] ?? NaN;
  });
}

function createReading(width: number, height: number): MaskReading {
  return { width, height, values: 'categories', threshold: 0.5 };
}

const shaping = { ...asTheModelGaveIt, selection };

for (const { title, create } of rigKinds) {
  describe(`${title} with classes`, () => {
    async function withSurface(
      work: (rig: Rig, surface: ReturnType<Rig['renderer']['createSurface']>) => Promise<void>,
    ): Promise<void> {
      const rig = await create(model);
      const surface = rig.renderer.createSurface();
      const picture = await createBitmap(paintFlat(12, 10, [9, 9, 9, 255]));
      await rig.renderer.upload(surface, picture);
      picture.close();
      rig.renderer.postprocess(surface, answerOf(rig, noise), shaping);
      await work(rig, surface);
      surface.destroy();
      await rig.dispose();
    }

    for (const [width, height, why] of [
      [6, 5, 'as the model gave it'],
      [18, 15, 'three times as large'],
      [13, 9, 'larger by a part'],
      [4, 3, 'smaller'],
      [1, 1, 'at one pixel'],
    ] as const) {
      it(`reads the map ${why}`, async () => {
        await withSurface(async ({ renderer }, surface) => {
          const found = await renderer.readMask(surface, createReading(width, height));
          const { categories } = reduce(noise, selection.foreground);
          expect(found).to.be.instanceOf(Uint8Array);
          expect([...found]).to.deep.equal(nearest(categories, width, height));
        });
      });
    }

    it('has the chosen classes in its mask', async () => {
      await withSurface(async ({ renderer }, surface) => {
        const reading = { ...createReading(6, 5), values: 'floats' } as const;
        const found = [...(await renderer.readMask(surface, reading))];
        const { mask } = reduce(noise, selection.foreground);
        expect(
          Math.max(...found.map((value, i) => Math.abs(value - (mask[i] ?? NaN)))),
        ).to.be.below(1e-5);
      });
    });

    it('gives the map as it was when it was asked for', async () => {
      await withSurface(async (rig, surface) => {
        const reading = rig.renderer.readMask(surface, createReading(6, 5));
        const other = new Float32Array(noise.length);
        rig.renderer.postprocess(surface, answerOf(rig, other), shaping);
        const { categories } = reduce(noise, selection.foreground);
        expect([...(await reading)]).to.deep.equal([...categories]);
      });
    });
  });
}
