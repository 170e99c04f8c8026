import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { compareModels } from '../../tools/void-model/compare-models.ts';
import { float, int, ints } from '../../tools/void-model/onnx/graph.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../../tools/void-model/onnx/graph.ts';
import { createModel } from '../../tools/void-model/onnx/model.ts';
import { readOnnx } from '../../tools/void-model/onnx/reader.ts';
import { writeModel, writeOnnx } from '../../tools/void-model/onnx/writer.ts';
import { optimizeModel } from '../../tools/void-model/optimize.ts';
import { runCli, withFolder } from './command-line.ts';

const selfie = fileURLToPath(new URL('../../models/selfie.onnx', import.meta.url));

function node(
  opType: string,
  inputs: readonly string[],
  output: string,
  attributes: OnnxNode['attributes'] = {},
): OnnxNode {
  return { name: output, opType, inputs, outputs: [output], attributes };
}

function floats(name: string, ...values: readonly number[]): OnnxTensor {
  return { name, dims: [values.length], data: Float32Array.from(values) };
}

function int64(name: string, ...values: readonly number[]): OnnxTensor {
  return { name, dims: [values.length], data: BigInt64Array.from(values, BigInt) };
}

/** `x` [1, 2, 4, 4] → … → `y`. */
function createGraph(nodes: readonly OnnxNode[], tensors: readonly OnnxTensor[] = []): OnnxGraph {
  return {
    name: 'test',
    inputs: [{ name: 'x', dims: [1, 2, 4, 4] }],
    outputs: [{ name: 'y', dims: null }],
    tensors,
    nodes,
  };
}

/** Odd numbers, which 16 bits do not hold. */
const normalization = [
  { name: 'w', dims: [2, 2, 1, 1], data: Float32Array.of(0.1, -0.2, 0.3, 0.4) },
  floats('bias', 0.1, -0.1),
  floats('scale', 1.1, 0.7),
  floats('offset', 0.3, -0.6),
  floats('mean', 0.2, 0.9),
  floats('variance', 1.3, 0.35),
];
const batchNormalization = createGraph(
  [
    node('Conv', ['x', 'w', 'bias'], 'a'),
    node('BatchNormalization', ['a', 'scale', 'offset', 'mean', 'variance'], 'y', {
      epsilon: float(0.001),
    }),
  ],
  normalization,
);

const rewrites: readonly (readonly [string, OnnxGraph, string])[] = [
  [
    'removes Identity and Dropout, also at the ends',
    createGraph([
      node('Identity', ['x'], 'a'),
      node('Relu', ['a'], 'b'),
      node('Dropout', ['b'], 'c'),
      node('Identity', ['c'], 'y'),
    ]),
    'Relu',
  ],
  [
    'keeps what alone stands between input and output',
    createGraph([node('Identity', ['x'], 'y')]),
    'Identity',
  ],
  [
    'removes what no output depends on',
    createGraph([node('Neg', ['x'], 'y'), node('Add', ['x', 'one'], 'z')], [floats('one', 1)]),
    'Neg',
  ],
  [
    'works out constants and sizes',
    createGraph(
      [
        node('Shape', ['x'], 'sizes'),
        node('Gather', ['sizes', 'zero'], 'first'),
        node('Concat', ['first', 'rest'], 'target', { axis: int(0) }),
        node('Reshape', ['x', 'target'], 'flat'),
        node('Exp', ['one'], 'e'),
        node('Constant', [], 'two', { value: { kind: 'tensor', value: floats('', 2) } }),
        node('Mul', ['e', 'two'], 'factor'),
        node('Mul', ['flat', 'factor'], 'y'),
      ],
      [int64('zero', 0), int64('rest', -1), floats('one', 1)],
    ),
    'Reshape Mul',
  ],
  ['puts BatchNormalization into the convolution before it', batchNormalization, 'Conv'],
  [
    'leaves BatchNormalization after a convolution that others take',
    { ...batchNormalization, outputs: [...batchNormalization.outputs, { name: 'a', dims: null }] },
    'Conv BatchNormalization',
  ],
  [
    'writes x * HardSigmoid(x) as HardSwish',
    createGraph([
      node('HardSigmoid', ['x'], 'gate', { alpha: float(Math.fround(1 / 6)) }),
      node('Mul', ['gate', 'x'], 'y'),
    ]),
    'HardSwish',
  ],
  [
    'leaves a HardSigmoid of another slope',
    createGraph([node('HardSigmoid', ['x'], 'gate'), node('Mul', ['gate', 'x'], 'y')]),
    'HardSigmoid Mul',
  ],
  [
    'sees the weights behind a Cast, and keeps it',
    createGraph(
      [
        node('Cast', ['half'], 'weights', { to: int(1) }),
        node('Conv', ['x', 'weights'], 'a', { kernel_shape: ints(1, 1) }),
        node('Identity', ['a'], 'y'),
      ],
      [{ name: 'half', dims: [2, 2, 1, 1], data: Uint16Array.of(0x3c00, 0, 0x4000, 0xbc00) }],
    ),
    'Cast Conv',
  ],
];

describe('optimizeModel', () => {
  for (const [outcome, graph, expected] of rewrites) {
    it(outcome, async () => {
      const before = createModel(graph);
      const after = await optimizeModel(before);
      assert.equal(after.graph.nodes.map(({ opType }) => opType).join(' '), expected);
      assert.deepEqual(
        readOnnx(writeModel(after)).graph.outputs,
        readOnnx(writeModel(before)).graph.outputs,
      );
      const { max, scale } = await compareModels(before, after, 2);
      assert.ok(scale > 0 && max <= 1e-6 * scale, `${max} of ${scale}`);
    });
  }

  it('removes the constants that are not used any more', async () => {
    const { graph } = await optimizeModel(createModel(batchNormalization));
    assert.deepEqual(
      graph.tensors.map(({ name }) => name),
      ['y/weights', 'y/bias'],
    );
  });

  it('finds nothing in the built-in model that convert did not do', async () => {
    const bytes = await readFile(selfie);
    assert.ok(bytes.equals(writeModel(await optimizeModel(readOnnx(bytes)))));
  });
});

describe('compareModels', () => {
  it('tells how far answers are apart', async () => {
    const relu = createModel(createGraph([node('Relu', ['x'], 'y')]));
    const shifted = createModel(
      createGraph([node('Add', ['x', 'some'], 'y')], [floats('some', 0.25)]),
    );
    const { max, scale } = await compareModels(relu, shifted, 1);
    assert.ok(Math.abs(max - 0.25) < 1e-6);
    assert.ok(scale > 0.9 && scale <= 1);
  });

  it('takes answers of other sizes for infinitely far apart', async () => {
    const relu = createModel(createGraph([node('Relu', ['x'], 'y')]));
    const flat = createModel(createGraph([node('Flatten', ['x'], 'y')]));
    assert.equal((await compareModels(relu, flat, 1)).max, Infinity);
  });
});

describe('void-model optimize', () => {
  it('writes the result and says what it is worth', async () => {
    await withFolder(async (folder) => {
      const [input, output] = [join(folder, 'in.onnx'), join(folder, 'out.onnx')];
      await writeFile(input, writeOnnx(batchNormalization));
      const { status, stdout } = await runCli(['optimize', input, '-o', output]);
      assert.equal(status, 0);
      assert.match(stdout, /out\.onnx: largest difference \d/);
      assert.match(stdout, /nodes +2 +1\n/);
      assert.match(stdout, /multiplications +64 +64$/m);
      assert.deepEqual(readOnnx(await readFile(output)).graph.nodes.length, 1);
    });
  });

  it('writes nothing if the answers are further apart than allowed', async () => {
    await withFolder(async (folder) => {
      const [input, output] = [join(folder, 'in.onnx'), join(folder, 'out.onnx')];
      await writeFile(input, writeOnnx(batchNormalization));
      const args = ['optimize', input, '-o', output, '--tolerance', '0'];
      const { status, stderr } = await runCli(args);
      assert.equal(status, 1);
      assert.match(stderr, /answers differently: .* Nothing was written\./);
      assert.ok(!existsSync(output));
    });
  });

  it('asks for sizes that the model leaves open', async () => {
    await withFolder(async (folder) => {
      const [input, output] = [join(folder, 'in.onnx'), join(folder, 'out.onnx')];
      const open = createGraph([node('Relu', ['x'], 'y')]);
      await writeFile(input, writeOnnx({ ...open, inputs: [{ name: 'x', dims: ['batch', 3] }] }));
      const { status, stderr } = await runCli(['optimize', input, '-o', output]);
      assert.equal(status, 1);
      assert.match(stderr, /"x" has \[batch, 3\]\. Give them: --dim NAME=SIZE/);
      assert.equal((await runCli(['optimize', input, '-o', output, '--dim', 'batch=2'])).status, 0);
    });
  });

  it('ends with status 2 without a file to write', async () => {
    const { status, stderr } = await runCli(['optimize', selfie]);
    assert.equal(status, 2);
    assert.match(stderr, /-o OUT\.onnx/);
  });
});
