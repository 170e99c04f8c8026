import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { decodeFloat16, encodeFloat16Exactly } from '../../tools/void-model/onnx/float16.ts';

describe('float16', () => {
  it('widens known values', () => {
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x8000, 0x7c00);
    assert.deepEqual(
      decodeFloat16(bits),
      Float32Array.of(1, -2, 65504, 2 ** -14, 2 ** -24, -0, Infinity),
    );
  });

  it('widens and narrows every number to itself', () => {
    const isNumber = (bits: number) => (bits & 0x7c00) !== 0x7c00 || (bits & 0x3ff) === 0;
    const all = Uint16Array.from({ length: 65536 }, (_, bits) => bits).filter(isNumber);
    assert.deepEqual(encodeFloat16Exactly(decodeFloat16(all)), all);
  });

  for (const value of [0.1, 65505, 65536, 1 + 2 ** -11, 2 ** -25, 3 * 2 ** -25, 1e-40, NaN]) {
    it(`refuses to narrow ${value}`, () => {
      assert.equal(encodeFloat16Exactly(Float32Array.of(1, value)), null);
    });
  }
});
