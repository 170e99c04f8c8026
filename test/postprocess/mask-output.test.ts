import { expect } from '@open-wc/testing';

import { buildMask, planReading, type BuiltMask } from '../../src/postprocess/mask-output.ts';
import { MaskLevels } from '../../src/postprocess/mask-levels.ts';
import { MaskSampler } from '../../src/postprocess/mask-sampler.ts';
import type { MaskRequest } from '../../src/protocol/messages.ts';
import type { MaskFormat } from '../../src/stage.ts';
import { fillPath } from '../helpers/contours.ts';
import { createModel } from '../helpers/models.ts';
import { readFrame } from '../helpers/pictures.ts';

const model = createModel({ width: 2, height: 1 });
const values = Float32Array.of(0.2, 1);
const frameSize = { width: 4, height: 2 };
const formats: readonly MaskFormat[] = ['alpha', 'float', 'bitmap', 'categories', 'contour'];

/** At the model's size unless told otherwise. */
function build(request: Partial<MaskRequest>, mask: Float32Array = values): Promise<BuiltMask> {
  const whole: MaskRequest = { format: 'alpha', size: 'model', threshold: 0.5, ...request };
  const reading = planReading(whole, model.output, frameSize);
  const levels = new MaskLevels(model.output);
  levels.store(mask);
  const pixels = new MaskSampler().sample(levels, reading);
  return buildMask(pixels, frameSize, whole, model.output, 40_000);
}

/** Values of any format; the alpha of a bitmap; whether a contour covers the pixel. */
function contentOf({ mask: { content, width, height } }: BuiltMask): number[] {
  if (content.format === 'contour') return fillPath(content.path, width, height).map(Number);
  if (content.format !== 'bitmap') return [...content.data];
  return [...readFrame(content.bitmap).data].filter((_, i) => i % 4 === 3);
}

/** What is to be transferred. */
function payloadsOf({ content }: BuiltMask['mask']): Transferable[] {
  if (content.format === 'contour') return content.points.map(({ buffer }) => buffer);
  return [content.format === 'bitmap' ? content.bitmap : content.data.buffer];
}

/** Float32 as a number of four places. */
function rounded(numbers: readonly number[]): number[] {
  return numbers.map((value) => Math.round(value * 1e4) / 1e4);
}

describe('buildMask', () => {
  // 4 wide from 2: the first value, a quarter and three quarters of the way, the second. Both rows are the same.
  const row = [0.2, 0.4, 0.8, 1];
  const table: readonly [MaskFormat, MaskRequest['size'], readonly number[]][] = [
    ['float', 'model', [0.2, 1]],
    ['float', 'source', [...row, ...row]],
    ['alpha', 'model', [51, 255]],
    ['alpha', 'source', [51, 102, 204, 255, 51, 102, 204, 255]],
    ['bitmap', 'model', [51, 255]],
    ['bitmap', 'source', [51, 102, 204, 255, 51, 102, 204, 255]],
    ['categories', 'model', [0, 1]],
    ['categories', 'source', [0, 0, 1, 1, 0, 0, 1, 1]],
  ];

  for (const [format, size, expected] of table) {
    it(`gives ${format} at the size of the ${size}`, async () => {
      expect(rounded(contentOf(await build({ format, size })))).to.deep.equal(expected);
    });
  }

  for (const format of formats) {
    it(`says what ${format} is of`, async () => {
      const { mask } = await build({ format });
      expect([mask.content.format, mask.width, mask.height, mask.timestampUs]).to.deep.equal([
        format,
        2,
        1,
        40_000,
      ]);
    });

    it(`gives ${format} at the size of the source that size`, async () => {
      const { mask } = await build({ format, size: 'source' });
      expect([mask.width, mask.height]).to.deep.equal([4, 2]);
    });

    it(`names the classes with ${format}`, async () => {
      const { mask } = await build({ format });
      expect(mask.classes).to.deep.equal(['background', 'person']);
    });

    it(`leaves the model's answer as it is with ${format}`, async () => {
      const answer = Float32Array.from(values);
      const { transfer } = await build({ format }, answer);
      structuredClone(null, { transfer });
      expect([...answer]).to.deep.equal([...values]);
    });

    it(`transfers ${format}, and nothing else`, async () => {
      const { mask, transfer } = await build({ format });
      expect(transfer).to.have.ordered.members(payloadsOf(mask));
    });
  }

  it('has a buffer that holds nothing but the mask', async () => {
    const { mask } = await build({ format: 'alpha' });
    expect(mask.content.format === 'alpha' && mask.content.data.buffer.byteLength).to.equal(2);
  });

  it('has a bitmap of the size of the source', async () => {
    const { mask } = await build({ format: 'bitmap', size: 'source' });
    const bitmap = mask.content.format === 'bitmap' ? mask.content.bitmap : undefined;
    expect([bitmap?.width, bitmap?.height]).to.deep.equal([4, 2]);
  });

  it('has a white bitmap', async () => {
    const built = await build({ format: 'bitmap' }, Float32Array.of(0.8, 1));
    const { content } = built.mask;
    const { data } = readFrame((content as { bitmap: ImageBitmap }).bitmap);
    expect([...data.slice(0, 3)]).to.deep.equal([255, 255, 255]);
  });

  for (const [threshold, expected] of [
    [0, [1, 1]],
    [0.2, [1, 1]],
    [0.25, [0, 1]],
    [1, [0, 1]],
  ] as const) {
    it(`counts from ${threshold} on as the second class`, async () => {
      const mask = Float32Array.of(0.2, 1);
      // What a float32 of 0.2 is exactly.
      const exact = threshold === 0.2 ? (mask[0] as number) : threshold;
      const built = await build({ format: 'categories', threshold: exact }, mask);
      expect(contentOf(built)).to.deep.equal(expected);
    });
  }

  it('traces a contour at the size of the model, in the space that was asked for', async () => {
    const model = createModel({ width: 8, height: 4 });
    const request: MaskRequest = { format: 'contour', size: 'source', threshold: 0.5 };
    const frameSize = { width: 800, height: 200 };
    const reading = planReading(request, model.output, frameSize);
    expect([reading.width, reading.height, reading.values]).to.deep.equal([8, 4, 'floats']);
    const rightHalf = Float32Array.from({ length: 32 }, (_, i) => Number(i % 8 >= 4));
    const { mask } = await buildMask(rightHalf, frameSize, request, model.output, 0);
    expect([mask.width, mask.height]).to.deep.equal([800, 200]);
    expect(mask.content).to.have.property('path', 'M800 0L800 200 400 200 400 0Z');
  });

  it('refuses a format that there is not', () => {
    const request = { format: 'outline', size: 'source', threshold: 0.5 } as unknown as MaskRequest;
    expect(() => planReading(request, model.output, frameSize))
      .to.throw('"outline"')
      .with.property('code', 'option-invalid');
  });

  it('rounds alpha to the nearest level', async () => {
    const built = await build({ format: 'alpha' }, Float32Array.of(0.498, 0.502));
    expect(contentOf(built)).to.deep.equal([127, 128]);
  });
});
