import { expect } from '@open-wc/testing';

import { CommandBatch } from '../../src/gpu/command-batch.ts';
import { ClassPass, createCategoryBuffer } from '../../src/postprocess/class-pass.ts';
import type { ClassSelection, ModelOutput } from '../../src/stage.ts';
import { ClassReducer } from '../../src/util/class-reducer.ts';
import { createNoise, createTensor, layOut } from '../helpers/class-answers.ts';
import { createAnswer, createTestDevice, readBuffer, validated } from '../helpers/gpu.ts';

/** Float32 against double precision. WGSL allows an `exp` of -40 an error of 43 units in the last place, 5e-6. */
const tolerance = 1e-5;

interface Reduced {
  readonly mask: number[];
  readonly categories: number[];
}

function reduceOnCpu(output: ModelOutput, answer: Float32Array, foreground: number[]): Reduced {
  const mask = new Float32Array(output.width * output.height);
  const categories = new Uint8Array(mask.length);
  new ClassReducer(output).reduce(answer, foreground, mask, categories);
  return { mask: [...mask], categories: [...categories] };
}

function largestDifference(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN))));
}

describe('ClassPass', () => {
  let device: GPUDevice;

  before(async () => {
    device = await createTestDevice();
  });

  after(() => device.destroy());

  /** Reduces one answer by each selection in turn, all of them collected before anything is read. */
  function reduce(
    output: ModelOutput,
    answer: Float32Array,
    ...selections: readonly ClassSelection[]
  ): Promise<Reduced[]> {
    return validated(device, async () => {
      const batch = new CommandBatch(device);
      const pass = await ClassPass.create(device, output, batch);
      const buffer = createAnswer(device, answer);
      const results = selections.map((selection) => {
        const categories = selection.hasCategories ? createCategoryBuffer(device, output) : null;
        const found = pass.encode(buffer, categories, selection);
        // The next call fills what is returned anew.
        const size = 4 * output.width * output.height;
        const { COPY_SRC, COPY_DST } = GPUBufferUsage;
        const mask = device.createBuffer({ size, usage: COPY_SRC | COPY_DST });
        batch.encoder.copyBufferToBuffer(found, 0, mask, 0, size);
        return { mask, categories };
      });
      batch.submit();
      const read = async (from: GPUBuffer | null): Promise<number[]> =>
        from ? [...new Float32Array(await readBuffer(device, from))] : [];
      const found: Reduced[] = [];
      for (const { mask, categories } of results) {
        found.push({ mask: await read(mask), categories: await read(categories) });
        mask.destroy();
        categories?.destroy();
      }
      buffer.destroy();
      pass.destroy();
      return found;
    });
  }

  for (const layout of ['nhwc', 'nchw'] as const) {
    for (const [kind, channels] of [
      ['probability', 1],
      ['logits', 1],
      ['logits', 2],
      ['logits', 6],
      ['softmax', 3],
      ['softmax', 256],
    ] as const) {
      // 35 pixels fill no workgroup, 4096 many.
      for (const size of [
        [7, 5],
        [64, 64],
      ] as const) {
        it(`computes ${kind} of ${channels}, ${layout}, ${size.join('x')} as the CPU does`, async () => {
          const output = createTensor(kind, layout, channels, size);
          const noise = createNoise(output);
          for (const foreground of [output.classes.map((_, i) => i).slice(1), [0], [1]]) {
            const [full, plain] = await reduce(
              output,
              noise,
              { foreground, hasCategories: true },
              { foreground, hasCategories: false },
            );
            const expected = reduceOnCpu(output, noise, foreground);
            expect(full?.categories).to.deep.equal(expected.categories);
            expect(largestDifference(full?.mask ?? [], expected.mask)).to.be.below(tolerance);
            expect(largestDifference(plain?.mask ?? [], expected.mask)).to.be.below(tolerance);
          }
        });
      }
    }
  }

  it('reads indices of classes as the CPU does', async () => {
    const classes = ['a', 'b', 'c'];
    const output = { ...createTensor('categories', 'nchw', 1, [6, 1]), classes };
    const answer = Float32Array.of(0, 1, 2, 3, -1, 255);
    const selection = { foreground: [0, 2], hasCategories: true };
    expect(await reduce(output, answer, selection)).to.deep.equal([
      reduceOnCpu(output, answer, [0, 2]),
    ]);
  });

  it('copies an answer that is the mask already', async () => {
    const output = createTensor('probability', 'nhwc', 1);
    const noise = createNoise(output);
    const [found] = await reduce(output, noise, { foreground: [1], hasCategories: false });
    expect(found?.mask).to.deep.equal([...noise]);
  });

  it('survives large logits', async () => {
    const output = createTensor('logits', 'nhwc', 3, [1, 1]);
    const answer = layOut(output, [[-500, 500, 499]]);
    const [found] = await reduce(output, answer, { foreground: [1], hasCategories: false });
    expect(found?.mask[0]).to.be.closeTo(1 / (1 + Math.exp(-1)), tolerance);
  });

  it('lets each of several collected answers have its own classes', async () => {
    const output = createTensor('softmax', 'nhwc', 3, [1, 1]);
    const answer = layOut(output, [[0.5, 0.3, 0.2]]);
    const selections = [[0], [1], [2], [0, 2]].map((foreground) => ({
      foreground,
      hasCategories: false,
    }));
    const found = await reduce(output, answer, ...selections);
    const expected = [0.5, 0.3, 0.2, 0.7];
    const masks = found.map(({ mask }) => mask[0] ?? NaN);
    expect(largestDifference(masks, expected)).to.be.below(tolerance);
  });
});
