import { expect } from '@open-wc/testing';

import { describeYuv, type Matrix3, type YuvConversion } from '../../src/gpu/yuv.ts';

/** Encoded primaries in 8 bits, by the equations of ITU-R BT.709-6 and BT.601-7. */
const codes: readonly [
  VideoColorSpaceInit,
  yuv: [number, number, number],
  rgb: [number, number, number],
][] = [
  [{ matrix: 'bt709', fullRange: false }, [235, 128, 128], [1, 1, 1]],
  [{ matrix: 'bt709', fullRange: false }, [16, 128, 128], [0, 0, 0]],
  [{ matrix: 'bt709', fullRange: false }, [63, 102, 240], [1, 0, 0]],
  [{ matrix: 'bt709', fullRange: false }, [173, 42, 26], [0, 1, 0]],
  [{ matrix: 'bt709', fullRange: false }, [32, 240, 118], [0, 0, 1]],
  [{ matrix: 'smpte170m', fullRange: false }, [81, 90, 240], [1, 0, 0]],
  [{ matrix: 'smpte170m', fullRange: false }, [145, 54, 34], [0, 1, 0]],
  [{ matrix: 'bt470bg', fullRange: false }, [41, 240, 110], [0, 0, 1]],
  [{ matrix: 'smpte170m', fullRange: true }, [76, 85, 255], [1, 0, 0]],
  [{ matrix: 'bt709', fullRange: true }, [255, 128, 128], [1, 1, 1]],
  [{}, [63, 102, 240], [1, 0, 0]],
];

/** CIE x, y of red, green and blue: SMPTE ST 170, ITU-R BT.470 (B, G) and BT.709. */
const primaries = {
  bt709: [0.64, 0.33, 0.3, 0.6, 0.15, 0.06],
  smpte170m: [0.63, 0.34, 0.31, 0.595, 0.155, 0.07],
  bt470bg: [0.64, 0.33, 0.29, 0.6, 0.15, 0.06],
} as const;

function known(space: VideoColorSpaceInit): YuvConversion {
  const conversion = describeYuv(space);
  if (!conversion) throw new Error('This colour space is not known.');
  return conversion;
}

function multiply(matrix: readonly number[], vector: readonly number[]): number[] {
  return [0, 3, 6].map((row) =>
    vector.reduce((sum, value, column) => sum + (matrix[row + column] ?? NaN) * value, 0),
  );
}

describe('describeYuv', () => {
  for (const [space, yuv, rgb] of codes) {
    it(`turns ${yuv.join(', ')} into ${rgb.join(', ')} for ${JSON.stringify(space)}`, () => {
      const { offset, matrix } = known(space);
      const result = multiply(
        matrix,
        yuv.map((code, i) => code / 255 - (offset[i] ?? NaN)),
      );
      // Codes are rounded: half a step of chroma is up to 1.06 levels.
      for (const [i, value] of result.entries()) expect(value).to.be.closeTo(rgb[i] ?? NaN, 0.009);
    });
  }

  for (const name of ['smpte170m', 'bt470bg'] as const) {
    it(`keeps light of the primaries ${name} the same colour`, () => {
      const gamut = known({ primaries: name }).gamut as Matrix3;
      for (const channel of [0, 1, 2]) {
        const light = [0, 0, 0];
        light[channel] = 1;
        const before = chromaticityOf(primaries[name], light);
        const after = chromaticityOf(primaries.bt709, multiply(gamut, light));
        expect(after[0]).to.be.closeTo(before[0], 1e-4);
        expect(after[1]).to.be.closeTo(before[1], 1e-4);
      }
    });

    it(`keeps white white for the primaries ${name}`, () => {
      const white = multiply(known({ primaries: name }).gamut as Matrix3, [1, 1, 1]);
      for (const value of white) expect(value).to.be.closeTo(1, 1e-5);
    });
  }

  it('has no gamut to convert for BT.709', () => {
    expect(known({ primaries: 'bt709' }).gamut).to.equal(null);
  });

  for (const space of [
    { primaries: 'bt2020' },
    { transfer: 'pq' },
    { matrix: 'bt2020-ncl' },
    { matrix: 'rgb' },
  ] as VideoColorSpaceInit[]) {
    it(`leaves ${JSON.stringify(space)} to the browser`, () => {
      expect(describeYuv(space)).to.equal(null);
    });
  }
});

/** CIE x, y of linear light of these primaries, whose white is D65. */
function chromaticityOf(xy: readonly number[], light: readonly number[]): [number, number] {
  // Each primary is as bright as makes all three together D65: solved by Cramer's rule.
  const columns = [0, 2, 4].map((i) => {
    const [x = 0, y = 1] = [xy[i], xy[i + 1]];
    return [x / y, 1, (1 - x - y) / y];
  }) as [number[], number[], number[]];
  const white = [0.3127 / 0.329, 1, (1 - 0.3127 - 0.329) / 0.329];
  const whole = determinant(columns);
  const sum = [0, 0, 0];
  for (const [i, column] of columns.entries()) {
    const replaced = columns.map((other, j) => (i === j ? white : other));
    const scale = (determinant(replaced) / whole) * (light[i] ?? 0);
    for (const [j, value] of column.entries()) sum[j] = (sum[j] ?? 0) + scale * value;
  }
  const [x = 0, y = 0, z = 0] = sum;
  return [x / (x + y + z), y / (x + y + z)];
}

function determinant(columns: readonly (readonly number[])[]): number {
  const [[a = 0, b = 0, c = 0] = [], [d = 0, e = 0, f = 0] = [], [g = 0, h = 0, i = 0] = []] =
    columns;
  return a * (e * i - f * h) - d * (b * i - c * h) + g * (b * f - c * e);
}
