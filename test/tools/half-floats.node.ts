import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { decodeFloat16, encodeFloat16 } from '../../src/util/float16.ts';

describe('16-bit floats', () => {
  it('come back as they were', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = decodeFloat16(bits);
      if (Number.isNaN(value)) assert.ok(Number.isNaN(decodeFloat16(encodeFloat16(value))));
      else assert.equal(encodeFloat16(value), bits);
    }
  });

  it('are the nearest ones, ties to even', () => {
    for (let bits = 0; bits < 0x7bff; bits++) {
      const [low, high] = [decodeFloat16(bits), decodeFloat16(bits + 1)];
      const middle = (low + high) / 2;
      assert.equal(encodeFloat16(middle), bits % 2 === 0 ? bits : bits + 1);
      assert.equal(encodeFloat16(middle + (high - low) / 8), bits + 1);
      assert.equal(encodeFloat16(-middle + (high - low) / 8), 0x8000 + bits);
    }
  });

  const known: readonly (readonly [number, number])[] = [
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [65520, 0x7c00],
    [1e9, 0x7c00],
    [-Infinity, 0xfc00],
    [2 ** -24, 1],
    [2 ** -26, 0],
    [-0, 0x8000],
  ];
  for (const [value, bits] of known) {
    it(`stores ${Object.is(value, -0) ? '-0' : value} as ${bits.toString(16)}`, () => {
      assert.equal(encodeFloat16(value), bits);
    });
  }
});
