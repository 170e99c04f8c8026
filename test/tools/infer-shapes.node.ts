import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { countMacs } from '../../tools/void-model/analysis/count-macs.ts';
import { fixDims, inferShapes } from '../../tools/void-model/analysis/infer-shapes.ts';
import { float, int, ints, string } from '../../tools/void-model/onnx/graph.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../../tools/void-model/onnx/graph.ts';
import { writeOnnx } from '../../tools/void-model/onnx/writer.ts';
import { loadRuntime, runModel } from '../../tools/void-model/run-model.ts';

/** A constant that follows the name of the node that takes it. */
type Constant = readonly number[] | { readonly dims: readonly number[] };

interface Case {
  readonly op: string;
  /** Sizes of the node's computed inputs: `x` has `[1, 4, 9, 7]`. */
  readonly constants?: readonly (Constant | null)[];
  readonly attributes?: OnnxNode['attributes'];
  readonly outputs?: number;
}

const image = [1, 4, 9, 7];
const dims = (...sizes: readonly number[]): Constant => ({ dims: sizes });

/** Lists of numbers are int64, weights float32 zeros, null an input left out. */
const cases: readonly Case[] = [
  { op: 'Conv', constants: [dims(6, 4, 3, 3)] },
  {
    op: 'Conv',
    constants: [dims(4, 1, 5, 3)],
    attributes: {
      group: int(4),
      strides: ints(2, 1),
      pads: ints(1, 0, 2, 1),
      dilations: ints(1, 2),
    },
  },
  {
    op: 'Conv',
    constants: [dims(6, 4, 3, 3)],
    attributes: { auto_pad: string('SAME_UPPER'), strides: ints(2, 2) },
  },
  {
    op: 'ConvTranspose',
    constants: [dims(4, 3, 3, 2)],
    attributes: { strides: ints(2, 3), pads: ints(1, 0, 0, 1), output_padding: ints(1, 0) },
  },
  {
    op: 'ConvTranspose',
    constants: [dims(4, 3, 2, 2)],
    attributes: { group: int(2), strides: ints(2, 2) },
  },
  {
    op: 'MaxPool',
    attributes: { kernel_shape: ints(3, 2), strides: ints(2, 2), ceil_mode: int(1) },
  },
  { op: 'AveragePool', attributes: { kernel_shape: ints(2, 2), pads: ints(1, 1, 0, 0) } },
  { op: 'GlobalAveragePool' },
  { op: 'MatMul', constants: [dims(2, 1, 7, 5)] },
  { op: 'Add', constants: [dims(3, 1, 1, 7)] },
  { op: 'Softmax', attributes: { axis: int(1) } },
  { op: 'Transpose', attributes: { perm: ints(0, 2, 3, 1) } },
  { op: 'Transpose' },
  { op: 'Reshape', constants: [[0, -1, 3]] },
  { op: 'Flatten', attributes: { axis: int(2) } },
  {
    op: 'Slice',
    constants: [
      [1, -3],
      [2 ** 31, -1],
      [2, 3],
    ],
  },
  { op: 'Slice', constants: [[-1], [-(2 ** 31)], [2], [-2]] },
  { op: 'Split', constants: [[1, 3]], attributes: { axis: int(1) }, outputs: 2 },
  { op: 'Split', attributes: { axis: int(1) }, outputs: 2 },
  { op: 'Pad', constants: [[0, 0, 1, 2, 0, 0, 3, 4]] },
  { op: 'ReduceMean', attributes: { axes: ints(-1, 2) } },
  { op: 'ReduceSum', constants: [[1]], attributes: { keepdims: int(0) } },
  { op: 'ReduceMax' },
  { op: 'ArgMax', attributes: { axis: int(1), keepdims: int(0) } },
  { op: 'Squeeze', constants: [[0]] },
  { op: 'Unsqueeze', constants: [[0, -1]] },
  { op: 'Expand', constants: [[2, 1, 1, 1, 7]] },
  { op: 'Gather', constants: [[3, 0]], attributes: { axis: int(1) } },
  { op: 'SpaceToDepth', attributes: { blocksize: int(1) } },
  { op: 'DepthToSpace', attributes: { blocksize: int(2) } },
  { op: 'Resize', constants: [null, null, [1, 4, 20, 3]], attributes: { mode: string('linear') } },
  { op: 'Shape' },
  { op: 'LeakyRelu', attributes: { alpha: float(0.1) } },
];

/** All the cases in one graph: each takes `x`, and each of its outputs is one of the graph. */
function createGraph(): OnnxGraph {
  const tensors: OnnxTensor[] = [];
  const nodes = cases.map(
    ({ op, constants = [], attributes = {}, outputs = 1 }, index): OnnxNode => {
      const inputs = constants.map((constant, position) => {
        if (constant === null) return '';
        const name = `${op}${index}/${position}`;
        tensors.push(
          'dims' in constant
            ? {
                name,
                dims: constant.dims,
                data: new Float32Array(constant.dims.reduce((a, b) => a * b)),
              }
            : { name, dims: [constant.length], data: BigInt64Array.from(constant, BigInt) },
        );
        return name;
      });
      const names = Array.from({ length: outputs }, (_, output) => `${op}${index}:${output}`);
      return {
        name: names[0] ?? '',
        opType: op,
        inputs: ['x', ...inputs],
        outputs: names,
        attributes,
      };
    },
  );
  const outputs = nodes.flatMap((node) =>
    node.outputs.map((name) => ({
      name,
      dims: null,
      type:
        node.opType === 'Shape' || node.opType === 'ArgMax'
          ? ('int64' as const)
          : ('float32' as const),
    })),
  );
  return { name: 'shapes', inputs: [{ name: 'x', dims: image }], outputs, tensors, nodes };
}

function node(
  opType: string,
  inputs: readonly string[],
  output: string,
  attributes = {},
): OnnxNode {
  return { name: output, opType, inputs, outputs: [output], attributes };
}

function int64(name: string, ...values: readonly number[]): OnnxTensor {
  return { name, dims: [values.length], data: BigInt64Array.from(values, BigInt) };
}

describe('inferShapes', () => {
  it('gives the sizes that ONNX Runtime gives', async () => {
    const graph = createGraph();
    const { Tensor } = await loadRuntime();
    const x = new Tensor('float32', new Float32Array(1 * 4 * 9 * 7), image);
    const [answers = {}] = await runModel(writeOnnx(graph), [{ x }]);
    const shapes = inferShapes(graph);
    const expected = graph.outputs.map(({ name }) => [name, [...(answers[name]?.dims ?? [])]]);
    assert.deepEqual(
      graph.outputs.map(({ name }) => [name, shapes.get(name)]),
      expected,
    );
  });

  /** As PyTorch writes `y = x.reshape(x.shape[0], -1)`. */
  const reshaping: OnnxGraph = {
    name: 'reshape',
    inputs: [{ name: 'x', dims: ['batch', 4, 9, 7] }],
    outputs: [{ name: 'y', dims: null }],
    tensors: [int64('zero', 0), int64('rest', -1)],
    nodes: [
      node('Shape', ['x'], 'sizes'),
      node('Gather', ['sizes', 'zero'], 'first'),
      node('Concat', ['first', 'rest'], 'target', { axis: int(0) }),
      node('Reshape', ['x', 'target'], 'y'),
    ],
  };

  it('follows sizes that nodes work out', () => {
    const shapes = inferShapes(fixDims(reshaping, new Map([['batch', 2]])));
    assert.deepEqual(shapes.get('y'), [2, 252]);
  });

  it('says nothing of what depends on an unknown size', () => {
    assert.equal(inferShapes(reshaping).get('y'), null);
  });

  it('takes from the file what it cannot work out', () => {
    const graph: OnnxGraph = {
      ...reshaping,
      values: [{ name: 'z', dims: ['n', 3] }],
      nodes: [node('NonZero', ['x'], 'z'), node('Neg', ['z'], 'y')],
    };
    assert.deepEqual(inferShapes(graph).get('y'), ['n', 3]);
  });
});

describe('countMacs', () => {
  const weights = (name: string, ...sizes: readonly number[]): OnnxTensor => ({
    name,
    dims: sizes,
    data: new Float32Array(sizes.reduce((a, b) => a * b)),
  });
  const graph: OnnxGraph = {
    name: 'macs',
    inputs: [{ name: 'x', dims: ['batch', 4, 8, 8] }],
    outputs: [],
    tensors: [weights('dense', 6, 4, 3, 3), weights('up', 6, 2, 2, 2), weights('matrix', 14, 5)],
    nodes: [
      node('Conv', ['x', 'dense'], 'a'),
      node('ConvTranspose', ['a', 'up'], 'b', { strides: ints(2, 2) }),
      node('Pad', ['b', 'pads'], 'c'),
      node('MatMul', ['c', 'matrix'], 'd'),
      node('Relu', ['d'], 'e'),
    ],
  };
  const padded = { ...graph, tensors: [...graph.tensors, int64('pads', 0, 0, 0, 0, 0, 0, 0, 2)] };

  it('counts convolutions and products', () => {
    const fixed = fixDims(padded, new Map([['batch', 1]]));
    const conv = 6 * 6 * 6 * (4 * 9);
    const up = 6 * 6 * 6 * (2 * 4);
    const product = 2 * 12 * 5 * 14;
    assert.deepEqual(countMacs(fixed, inferShapes(fixed)), {
      macs: conv + up + product,
      unknown: 0,
    });
  });

  it('says how many nodes it could not count', () => {
    assert.deepEqual(countMacs(graph, inferShapes(graph)), { macs: 0, unknown: 3 });
  });
});
