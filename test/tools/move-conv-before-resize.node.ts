import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { runOnnx } from '../../tools/run-onnx.ts';
import { int, ints, string } from '../../tools/void-model/onnx/graph.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../../tools/void-model/onnx/graph.ts';
import { writeOnnx } from '../../tools/void-model/onnx/writer.ts';
import { moveConvBeforeResize } from '../../tools/void-model/passes/move-conv-before-resize.ts';

/** Numbers from -1 to 1 that look random and are always the same (a linear congruential generator). */
function createNoise(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

interface Variant {
  readonly kernel?: number;
  readonly stride?: number;
  readonly scale?: number;
  readonly mode?: string;
  /** A second consumer of the resized picture. */
  readonly isShared?: boolean;
}

/** `[1, 6, 5, 7]` → Resize → Conv to 4 channels → Relu. */
function createGraph({
  kernel = 1,
  stride = 1,
  scale = 2,
  mode = 'linear',
  isShared,
}: Variant): OnnxGraph {
  const height = Math.floor((5 * scale - kernel) / stride) + 1;
  const width = Math.floor((7 * scale - kernel) / stride) + 1;
  const tensors: OnnxTensor[] = [
    { name: 'scales', dims: [4], data: Float32Array.of(1, 1, scale, scale) },
    { name: 'weights', dims: [4, 6, kernel, kernel], data: createNoise(24 * kernel * kernel, 1) },
    { name: 'bias', dims: [4], data: createNoise(4, 2) },
  ];
  const resize: OnnxNode = {
    name: 'resize',
    opType: 'Resize',
    inputs: ['image', '', 'scales'],
    outputs: ['resized'],
    attributes: { mode: string(mode), coordinate_transformation_mode: string('half_pixel') },
  };
  const conv: OnnxNode = {
    name: 'conv',
    opType: 'Conv',
    inputs: ['resized', 'weights', 'bias'],
    outputs: ['mixed'],
    attributes: { strides: ints(stride, stride), group: int(1) },
  };
  const relu = (name: string, input: string): OnnxNode => {
    return { name, opType: 'Relu', inputs: [input], outputs: [name], attributes: {} };
  };
  return {
    name: 'test',
    inputs: [{ name: 'image', dims: [1, 6, 5, 7] }],
    outputs: [{ name: 'result', dims: [1, 4, height, width] }],
    tensors,
    nodes: [resize, conv, relu('result', 'mixed'), ...(isShared ? [relu('other', 'resized')] : [])],
  };
}

function order(graph: OnnxGraph): string {
  return graph.nodes.map(({ opType }) => opType).join(' ');
}

describe('moveConvBeforeResize', () => {
  for (const scale of [2, 3, 1.5]) {
    it(`moves the convolution and keeps the result, enlarging ${scale} times`, async () => {
      const before = createGraph({ scale });
      const after = moveConvBeforeResize(before);
      assert.equal(order(after), 'Conv Resize Relu');
      const image = { dims: [1, 6, 5, 7], data: createNoise(210, 3) };
      const expected = await runOnnx(writeOnnx(before), image);
      const actual = await runOnnx(writeOnnx(after), image);
      assert.deepEqual(actual.dims, expected.dims);
      for (const [index, value] of expected.data.entries()) {
        // Rounding of sums of six products of numbers up to 1.
        assert.ok(Math.abs(value - (actual.data[index] ?? NaN)) < 1e-5);
      }
    });
  }

  it('leaves the graph it was given unchanged', () => {
    const graph = createGraph({});
    const copy = structuredClone(graph);
    moveConvBeforeResize(graph);
    assert.deepEqual(graph, copy);
  });

  const kept: readonly (Variant & { readonly reason: string })[] = [
    { reason: 'a 3x3 convolution', kernel: 3 },
    { reason: 'a convolution with a stride', stride: 2 },
    { reason: 'a reduction', scale: 0.5 },
    { reason: 'a resize that is not linear', mode: 'cubic' },
    { reason: 'a resized picture with another consumer', isShared: true },
  ];
  for (const { reason, ...variant } of kept) {
    it(`leaves ${reason} where it is`, () => {
      const graph = createGraph(variant);
      assert.deepEqual(moveConvBeforeResize(graph), graph);
    });
  }
});
