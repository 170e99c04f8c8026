import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { computeSamePadding } from '../../tools/void-model/conversion/padding.ts';

describe('computeSamePadding', () => {
  const cases = [
    { input: 256, kernel: 1, stride: 1, dilation: 1, begin: 0, end: 0 },
    { input: 256, kernel: 3, stride: 1, dilation: 1, begin: 1, end: 1 },
    { input: 256, kernel: 5, stride: 1, dilation: 1, begin: 2, end: 2 },
    { input: 256, kernel: 3, stride: 2, dilation: 1, begin: 0, end: 1 },
    { input: 32, kernel: 5, stride: 2, dilation: 1, begin: 1, end: 2 },
    { input: 9, kernel: 3, stride: 2, dilation: 1, begin: 1, end: 1 },
    { input: 256, kernel: 2, stride: 2, dilation: 1, begin: 0, end: 0 },
    { input: 256, kernel: 1, stride: 2, dilation: 1, begin: 0, end: 0 },
    { input: 256, kernel: 4, stride: 1, dilation: 1, begin: 1, end: 2 },
    { input: 64, kernel: 3, stride: 1, dilation: 2, begin: 2, end: 2 },
    { input: 1, kernel: 3, stride: 2, dilation: 1, begin: 1, end: 1 },
  ];
  for (const { begin, end, ...axis } of cases) {
    const { input, kernel, stride, dilation } = axis;
    it(`pads ${input} by ${begin} and ${end} for kernel ${kernel}, stride ${stride}, dilation ${dilation}`, () => {
      assert.deepEqual(computeSamePadding(axis), { begin, end });
    });
  }
});
