import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

import { runOnnx } from '../../tools/run-onnx.ts';
import { float, int, ints } from '../../tools/void-model/onnx/graph.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../../tools/void-model/onnx/graph.ts';
import { readOnnx } from '../../tools/void-model/onnx/reader.ts';
import { writeOnnx } from '../../tools/void-model/onnx/writer.ts';
import { widenWeights } from '../../tools/void-model/passes/widen-weights.ts';
import { pruneChannels } from '../../tools/void-model/prune/prune.ts';
import {
  createGraph,
  findLargestDifference,
  node,
  noiseTensor,
  runOnNoise,
} from '../helpers/onnx-graphs.ts';

const imageDims = [1, 3, 8, 8];
/** Sums of a few dozen products of numbers of about 1, in another order. */
const rounding = 1e-5;

/** Weights and bias of a convolution whose filters `zeros` make nothing but zeros. */
function createFilters(
  name: string,
  dims: readonly number[],
  seed: number,
  zeros: readonly number[],
): OnnxTensor[] {
  const weights = noiseTensor(name, dims, seed);
  const bias = noiseTensor(`${name}/bias`, dims.slice(0, 1), seed + 1);
  const filterSize = dims.slice(1).reduce((product, size) => product * size, 1);
  for (const zero of zeros) {
    (weights.data as Float32Array).fill(0, zero * filterSize, (zero + 1) * filterSize);
    (bias.data as Float32Array)[zero] = 0;
  }
  return [weights, bias];
}

function conv(input: string, weights: string, output: string, kernel = 3, group = 1): OnnxNode {
  const margin = (kernel - 1) / 2;
  return node('Conv', [input, weights, `${weights}/bias`], output, {
    pads: ints(margin, margin, margin, margin),
    group: int(group),
  });
}

function dimsOf(graph: OnnxGraph, nodeName: string, position = 1): readonly number[] | undefined {
  const input = graph.nodes.find(({ name }) => name === nodeName)?.inputs[position];
  return graph.tensors.find(({ name }) => name === input)?.dims;
}

/** Prunes a quarter, which is what is zero in these graphs, and compares the answers. */
async function pruneZeros(graph: OnnxGraph): Promise<OnnxGraph> {
  const { graph: pruned } = pruneChannels(graph, { ratio: 0.25, multiple: 1 });
  const [before, after] = [await runOnNoise(graph), await runOnNoise(pruned)];
  assert.ok(findLargestDifference(before, after) < rounding);
  return pruned;
}

describe('pruneChannels', () => {
  it('takes filters of zeros out of a chain, and changes nothing', async () => {
    const graph = createGraph(
      imageDims,
      [conv('image', 'a', 'made'), node('Relu', ['made'], 'lit'), conv('lit', 'b', 'result', 1)],
      [...createFilters('a', [8, 3, 3, 3], 1, [2, 5]), ...createFilters('b', [4, 8, 1, 1], 3, [])],
    );
    const pruned = await pruneZeros(graph);
    assert.deepEqual(dimsOf(pruned, 'made'), [6, 3, 3, 3]);
    assert.deepEqual(dimsOf(pruned, 'made', 2), [6]);
    assert.deepEqual(dimsOf(pruned, 'result'), [4, 6, 1, 1]);
  });

  it('takes what an Add ties out of both convolutions', async () => {
    const graph = createGraph(
      imageDims,
      [
        conv('image', 'a', 'left'),
        conv('image', 'b', 'right'),
        node('Add', ['left', 'right'], 'sum'),
        conv('sum', 'c', 'result'),
      ],
      [
        ...createFilters('a', [8, 3, 3, 3], 1, [1, 6]),
        ...createFilters('b', [8, 3, 3, 3], 3, [1, 6]),
        ...createFilters('c', [2, 8, 3, 3], 5, []),
      ],
    );
    const pruned = await pruneZeros(graph);
    assert.deepEqual(dimsOf(pruned, 'left'), [6, 3, 3, 3]);
    assert.deepEqual(dimsOf(pruned, 'right'), [6, 3, 3, 3]);
  });

  it('weighs what is tied by all its filters', async () => {
    const zeros = { a: [0, 1], b: [0, 2] };
    const graph = createGraph(
      imageDims,
      [
        conv('image', 'a', 'left'),
        conv('image', 'b', 'right'),
        node('Add', ['left', 'right'], 'sum'),
        conv('sum', 'c', 'result'),
      ],
      [
        ...createFilters('a', [8, 3, 3, 3], 1, zeros.a),
        ...createFilters('b', [8, 3, 3, 3], 3, zeros.b),
        ...createFilters('c', [2, 8, 3, 3], 5, []),
      ],
    );
    const { graph: pruned } = pruneChannels(graph, { ratio: 0.125, multiple: 1 });
    const difference = findLargestDifference(await runOnNoise(graph), await runOnNoise(pruned));
    assert.ok(difference < rounding);
    assert.deepEqual(dimsOf(pruned, 'left'), [7, 3, 3, 3]);
  });

  it('follows channels through a Concat', async () => {
    const graph = createGraph(
      imageDims,
      [
        conv('image', 'a', 'left'),
        conv('image', 'b', 'right'),
        node('Concat', ['left', 'right'], 'both', { axis: int(1) }),
        conv('both', 'c', 'result'),
      ],
      [
        ...createFilters('a', [4, 3, 3, 3], 1, [3]),
        ...createFilters('b', [8, 3, 3, 3], 3, [0, 4]),
        ...createFilters('c', [2, 12, 3, 3], 5, []),
      ],
    );
    const pruned = await pruneZeros(graph);
    assert.deepEqual(dimsOf(pruned, 'left'), [3, 3, 3, 3]);
    assert.deepEqual(dimsOf(pruned, 'right'), [6, 3, 3, 3]);
    assert.deepEqual(dimsOf(pruned, 'result'), [2, 9, 3, 3]);
  });

  it('follows depthwise convolutions, normalizations, constants and resizes by size', async () => {
    const depthwise = createFilters('b', [8, 1, 3, 3], 3, []);
    // What is zero stays zero on its way.
    for (const at of [2, 5]) (depthwise[1]?.data as Float32Array)[at] = 0;
    const norm = ['scale', 'shift', 'mean', 'variance'].map((name, i) => {
      const tensor = noiseTensor(name, [8], 10 + i);
      const data = tensor.data as Float32Array;
      if (name === 'variance') return { ...tensor, data: data.map((value) => 1 + value * value) };
      if (name !== 'scale') for (const at of [2, 5]) data[at] = 0;
      return tensor;
    });
    const graph = createGraph(
      imageDims,
      [
        conv('image', 'a', 'made'),
        node('BatchNormalization', ['made', ...norm.map(({ name }) => name)], 'even', {
          epsilon: float(1e-5),
        }),
        conv('even', 'b', 'mixed', 3, 8),
        node('Mul', ['mixed', 'gain'], 'louder'),
        node('Resize', ['louder', '', '', 'sizes'], 'larger'),
        conv('larger', 'c', 'result'),
      ],
      [
        ...createFilters('a', [8, 3, 3, 3], 1, [2, 5]),
        ...depthwise,
        ...norm,
        noiseTensor('gain', [1, 8, 1, 1], 20),
        { name: 'sizes', dims: [4], data: BigInt64Array.of(1n, 8n, 16n, 16n) },
        ...createFilters('c', [2, 8, 3, 3], 5, []),
      ],
    );
    const pruned = await pruneZeros(graph);
    assert.deepEqual(dimsOf(pruned, 'even'), [6]);
    assert.deepEqual(dimsOf(pruned, 'mixed'), [6, 1, 3, 3]);
    assert.deepEqual(dimsOf(pruned, 'louder'), [1, 6, 1, 1]);
  });

  it('follows the factors of squeeze and excitation', async () => {
    const graph = createGraph(
      imageDims,
      [
        conv('image', 'a', 'made'),
        node('GlobalAveragePool', ['made'], 'squeezed'),
        conv('squeezed', 'b', 'few', 1),
        node('Relu', ['few'], 'lit'),
        conv('lit', 'c', 'many', 1),
        node('Sigmoid', ['many'], 'factors'),
        node('Mul', ['made', 'factors'], 'excited'),
        conv('excited', 'd', 'result'),
      ],
      [
        ...createFilters('a', [8, 3, 3, 3], 1, [0, 7]),
        ...createFilters('b', [4, 8, 1, 1], 3, [3]),
        ...createFilters('c', [8, 4, 1, 1], 5, [0, 7]),
        ...createFilters('d', [2, 8, 3, 3], 7, []),
      ],
    );
    const pruned = await pruneZeros(graph);
    assert.deepEqual(dimsOf(pruned, 'few'), [3, 6, 1, 1]);
    assert.deepEqual(dimsOf(pruned, 'many'), [6, 3, 1, 1]);
  });

  it('leaves channels that reach the output or what cannot be followed', () => {
    const graph = createGraph(
      imageDims,
      [
        conv('image', 'a', 'made'),
        node('DepthToSpace', ['made'], 'spread', { blocksize: int(2) }),
        conv('spread', 'b', 'result'),
      ],
      [...createFilters('a', [8, 3, 3, 3], 1, [2, 5]), ...createFilters('b', [4, 2, 3, 3], 3, [1])],
    );
    const { graph: pruned, choice } = pruneChannels(graph, { ratio: 0.5, multiple: 1 });
    assert.deepEqual(pruned, graph);
    assert.deepEqual([choice.removed.size, choice.total, choice.kept], [0, 12, 12]);
  });

  it('leaves a convolution one channel at least', () => {
    const graph = createGraph(
      imageDims,
      [conv('image', 'a', 'made'), conv('made', 'b', 'result')],
      [...createFilters('a', [8, 3, 3, 3], 1, []), ...createFilters('b', [4, 8, 3, 3], 3, [])],
    );
    const { graph: pruned } = pruneChannels(graph, { ratio: 0.95, multiple: 1 });
    assert.deepEqual(dimsOf(pruned, 'made'), [1, 3, 3, 3]);
  });

  it('leaves multiples of what it is told', () => {
    const graph = createGraph(
      imageDims,
      [conv('image', 'a', 'made'), conv('made', 'b', 'result')],
      [...createFilters('a', [16, 3, 3, 3], 1, []), ...createFilters('b', [4, 16, 3, 3], 3, [])],
    );
    const { graph: pruned } = pruneChannels(graph, { ratio: 0.3, multiple: 4 });
    assert.deepEqual(dimsOf(pruned, 'made'), [12, 3, 3, 3]);
  });

  it('leaves the graph it was given unchanged', () => {
    const graph = createGraph(
      imageDims,
      [conv('image', 'a', 'made'), conv('made', 'b', 'result')],
      [...createFilters('a', [8, 3, 3, 3], 1, []), ...createFilters('b', [4, 8, 3, 3], 3, [])],
    );
    const copy = structuredClone(graph);
    pruneChannels(graph, { ratio: 0.5 });
    assert.deepEqual(graph, copy);
  });

  it('makes the selfie model smaller, and it still answers', async () => {
    const file = await readFile(new URL('../../models/selfie.onnx', import.meta.url));
    const graph = widenWeights(readOnnx(file).graph);
    const { graph: pruned, choice } = pruneChannels(graph, { ratio: 0.3 });
    const sizeOf = ({ tensors }: OnnxGraph): number =>
      tensors.reduce((sum, { data }) => sum + data.length, 0);
    assert.ok(sizeOf(pruned) < 0.6 * sizeOf(graph));
    assert.equal(choice.kept, 1);
    const image = { dims: [1, 256, 256, 3], data: new Float32Array(3 * 256 * 256).fill(0.5) };
    assert.deepEqual((await runOnnx(writeOnnx(pruned), image)).dims, [1, 256, 256, 1]);
  });
});
