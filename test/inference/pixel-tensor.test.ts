import { expect } from '@open-wc/testing';

import { fillTensor } from '../../src/inference/pixel-tensor.ts';
import type { LevelRange, ModelInput } from '../../src/stage.ts';

/** Two pixels beside each other; alpha is not to matter. In 0..1 they are 0, 0.2, 1 and 0.4, 0.6, 0.8. */
const pixels = Uint8ClampedArray.of(0, 51, 255, 255, 102, 153, 204, 7);

/** The range of each colour alike. */
function same(range: LevelRange): ModelInput['ranges'] {
  return [range, range, range];
}

function createInput(options: Partial<ModelInput> = {}): ModelInput {
  const base = { name: 'image', width: 2, height: 1 } as const;
  return { ...base, layout: 'nhwc', order: 'rgb', ranges: same([0, 1]), ...options };
}

function fill(input: ModelInput, source: Uint8Array | Uint8ClampedArray = pixels): number[] {
  const target = new Float32Array(input.width * input.height * 3).fill(NaN);
  fillTensor(source, input, target);
  // float32 has seven digits.
  return [...target].map((value) => Math.round(value * 1e5) / 1e5);
}

describe('fillTensor', () => {
  const table: readonly [
    layout: ModelInput['layout'],
    order: ModelInput['order'],
    range: LevelRange,
    expected: readonly number[],
  ][] = [
    ['nhwc', 'rgb', [0, 1], [0, 0.2, 1, 0.4, 0.6, 0.8]],
    ['nhwc', 'bgr', [0, 1], [1, 0.2, 0, 0.8, 0.6, 0.4]],
    ['nchw', 'rgb', [0, 1], [0, 0.4, 0.2, 0.6, 1, 0.8]],
    ['nchw', 'bgr', [0, 1], [1, 0.8, 0.2, 0.6, 0, 0.4]],
    ['nhwc', 'rgb', [-1, 1], [-1, -0.6, 1, -0.2, 0.2, 0.6]],
    ['nhwc', 'bgr', [-1, 1], [1, -0.6, -1, 0.6, 0.2, -0.2]],
    ['nchw', 'rgb', [-1, 1], [-1, -0.2, -0.6, 0.2, 1, 0.6]],
    ['nchw', 'bgr', [-1, 1], [1, 0.6, -0.6, 0.2, -1, -0.2]],
    ['nhwc', 'rgb', [0, 255], [0, 51, 255, 102, 153, 204]],
    ['nhwc', 'bgr', [0, 255], [255, 51, 0, 204, 153, 102]],
    ['nchw', 'rgb', [0, 255], [0, 102, 51, 153, 255, 204]],
    ['nchw', 'bgr', [0, 255], [255, 204, 51, 153, 0, 102]],
    ['nhwc', 'rgb', [1, 0], [1, 0.8, 0, 0.6, 0.4, 0.2]],
  ];
  for (const [layout, order, range, expected] of table) {
    it(`fills ${layout} in the order ${order} from ${range.join(' to ')}`, () => {
      expect(fill(createInput({ layout, order, ranges: same(range) }))).to.deep.equal(expected);
    });
  }

  for (const [order, expected] of [
    ['rgb', [0, 1, 3, 0.4, 3, 2.8]],
    ['bgr', [3, 1, 0, 2.8, 3, 0.4]],
  ] as const) {
    it(`gives each colour its own range in the order ${order}`, () => {
      const ranges = [
        [0, 1],
        [0, 5],
        [2, 3],
      ] as const;
      expect(fill(createInput({ order, ranges }))).to.deep.equal(expected);
    });
  }

  it('goes through nhwc row by row', () => {
    const rows = Uint8Array.from({ length: 2 * 3 * 4 }, (_, i) => (i % 4 === 0 ? 51 * (i / 4) : 0));
    const input = createInput({ width: 2, height: 3 });
    const reds = fill(input, rows).filter((_, i) => i % 3 === 0);
    expect(reds).to.deep.equal([0, 0.2, 0.4, 0.6, 0.8, 1]);
  });

  it('goes through a plane of nchw row by row', () => {
    const rows = Uint8Array.from({ length: 2 * 3 * 4 }, (_, i) => (i % 4 === 0 ? 51 * (i / 4) : 0));
    const input = createInput({ width: 2, height: 3, layout: 'nchw' });
    expect(fill(input, rows).slice(0, 6)).to.deep.equal([0, 0.2, 0.4, 0.6, 0.8, 1]);
  });

  it('takes plain bytes as well as clamped ones', () => {
    expect(fill(createInput(), Uint8Array.from(pixels))).to.deep.equal([0, 0.2, 1, 0.4, 0.6, 0.8]);
  });
});
