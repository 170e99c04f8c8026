import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { runOnnx } from '../../tools/run-onnx.ts';
import { decodeFloat16, roundToFloat16 } from '../../tools/void-model/onnx/float16.ts';
import { int, ints } from '../../tools/void-model/onnx/graph.ts';
import type { OnnxGraph } from '../../tools/void-model/onnx/graph.ts';
import { createModel } from '../../tools/void-model/onnx/model.ts';
import { storeWeightsAsFloat16 } from '../../tools/void-model/passes/store-weights-as-float16.ts';
import { widenWeights } from '../../tools/void-model/passes/widen-weights.ts';
import { measureRanges } from '../../tools/void-model/quantize/calibrate.ts';
import { quantizeDynamic } from '../../tools/void-model/quantize/dynamic.ts';
import { computeInFloat16 } from '../../tools/void-model/quantize/float16.ts';
import { quantizeWeights } from '../../tools/void-model/quantize/integer-weights.ts';
import { activationsToMeasure, quantizeStatic } from '../../tools/void-model/quantize/static.ts';
import { runCli, withFolder } from './command-line.ts';
import {
  createGraph,
  createNoise,
  findLargestDifference,
  node,
  noiseTensor,
  runOnNoise,
} from '../helpers/onnx-graphs.ts';

/** Largest size of what `createNoise` gives. */
const noiseSize = 1;

/** One 1x1 convolution of 5 to 4 channels with a bias, on noise. */
function createConv(): OnnxGraph {
  return createGraph(
    [1, 5, 6, 6],
    [node('Conv', ['image', 'weights', 'bias'], 'result')],
    [noiseTensor('weights', [4, 5, 1, 1], 1), noiseTensor('bias', [4], 2)],
  );
}

/** The same as a product of matrices, the weights stored upright or on their side. */
function createGemm(isTurned: boolean): OnnxGraph {
  return createGraph(
    [6, 5],
    [node('Gemm', ['image', 'weights', 'bias'], 'result', { transB: int(isTurned ? 1 : 0) })],
    [noiseTensor('weights', isTurned ? [4, 5] : [5, 4], 1), noiseTensor('bias', [4], 2)],
  );
}

/**
 * How far a sum of 5 products may be off whose factors are up to 1, each rounded to 8 bits: weights by half of 1/127,
 * activations by half of 2/255.
 */
const productError = 5 * (noiseSize * (0.5 / 127) + noiseSize * (1 / 255));

describe('roundToFloat16', () => {
  it('gives the nearest, ties to even, and no infinity', () => {
    const cases: readonly (readonly [value: number, expected: number])[] = [
      [0, 0],
      [1, 1],
      [1 + 2 ** -11, 1],
      [1 + 3 * 2 ** -11, 1 + 2 ** -9],
      [1 + 2 ** -11 + 2 ** -20, 1 + 2 ** -10],
      [0.1, 0.0999755859375],
      [-2.7, -2.69921875],
      [2047.5, 2048],
      [2 ** -24, 2 ** -24],
      [2 ** -26, 0],
      [1e6, 65504],
      [-Infinity, -65504],
    ];
    const rounded = decodeFloat16(roundToFloat16(Float32Array.from(cases, ([value]) => value)));
    assert.deepEqual(
      [...rounded],
      cases.map(([, expected]) => expected),
    );
  });

  it('leaves every float16 what it is', () => {
    const finite = Uint16Array.from({ length: 0x7c00 }, (_, bits) => bits);
    assert.deepEqual(roundToFloat16(decodeFloat16(finite)), finite);
  });
});

describe('quantizeWeights', () => {
  for (const axis of [0, 1]) {
    it(`moves no weight by more than half a step, by axis ${axis}`, () => {
      const dims = [4, 6, 3, 3];
      const data = createNoise(216, 1).map((value, i) => value * 10 ** (i % 5));
      const weights = quantizeWeights({ dims, data }, axis);
      for (const [i, value] of data.entries()) {
        const channel = axis === 0 ? Math.floor(i / 54) : Math.floor(i / 9) % 6;
        const scale = weights.scales[channel] ?? NaN;
        const error = Math.abs(value - (weights.data[i] ?? NaN) * scale);
        assert.ok(error <= 0.5001 * scale);
      }
    });
  }
});

describe('storeWeightsAsFloat16', () => {
  it('rounds weights if it may, by no more than 2^-11 of each', async () => {
    const graph = createConv();
    assert.deepEqual(storeWeightsAsFloat16(graph), graph);
    const stored = storeWeightsAsFloat16(graph, { isRounding: true });
    assert.ok(stored.tensors.every(({ data }) => data instanceof Uint16Array));
    const difference = findLargestDifference(await runOnNoise(graph), await runOnNoise(stored));
    assert.ok(difference > 0 && difference < 6 * noiseSize * 2 ** -11);
  });

  it('is undone by widenWeights', () => {
    const stored = storeWeightsAsFloat16(createConv(), { isRounding: true });
    assert.deepEqual(storeWeightsAsFloat16(widenWeights(stored)), stored);
  });
});

describe('computeInFloat16', () => {
  /** What float16 makes of each step of 5 products, sums up to 6. */
  const error = 6 * 6 * 2 ** -11;

  it('keeps inputs and outputs float32', async () => {
    const graph = createConv();
    const narrow = computeInFloat16(graph, { isInterfaceFloat16: false });
    assert.deepEqual(
      narrow.nodes.map(({ opType }) => opType),
      ['Cast', 'Conv', 'Cast'],
    );
    const difference = findLargestDifference(await runOnNoise(graph), await runOnNoise(narrow));
    assert.ok(difference > 0 && difference < error);
  });

  it('makes inputs and outputs float16 if wanted', () => {
    const narrow = computeInFloat16(createConv(), { isInterfaceFloat16: true });
    assert.deepEqual([narrow.inputs[0]?.type, narrow.outputs[0]?.type], ['float16', 'float16']);
    assert.deepEqual(
      narrow.nodes.map(({ opType }) => opType),
      ['Conv'],
    );
  });

  it('leaves the factors of a Resize in float32', async () => {
    const graph = createGraph(
      [1, 1, 2, 2],
      [node('Resize', ['image', '', 'factors'], 'result')],
      [{ name: 'factors', dims: [4], data: Float32Array.of(1, 1, 2, 2) }],
    );
    const narrow = computeInFloat16(graph, { isInterfaceFloat16: false });
    const difference = findLargestDifference(await runOnNoise(graph), await runOnNoise(narrow));
    assert.ok(difference < 2 ** -11);
  });
});

describe('quantizeDynamic', () => {
  const graphs = {
    'a convolution': createConv(),
    'a matrix product': createGemm(false),
    'one whose weights lie on their side': createGemm(true),
  };
  for (const [name, graph] of Object.entries(graphs)) {
    it(`computes ${name} in integers, within what rounding explains`, async () => {
      const integer = quantizeDynamic(graph);
      assert.ok(integer.nodes.some(({ opType }) => /^(Conv|MatMul)Integer$/.test(opType)));
      const difference = findLargestDifference(await runOnNoise(graph), await runOnNoise(integer));
      assert.ok(difference > 0 && difference < productError);
    });
  }
});

/** Ranges of a graph's activations on noise, which what is tested then is run on. */
async function calibrate(graph: OnnxGraph, percentile = 100, seeds: readonly number[] = [99]) {
  const dims = (graph.inputs[0]?.dims ?? []) as readonly number[];
  const length = dims.reduce((product, size) => product * size, 1);
  async function* samples() {
    for (const seed of seeds) yield await Promise.resolve(createNoise(length, seed));
  }
  return measureRanges(createModel(graph), activationsToMeasure(graph), samples(), {
    feed: () => (data) => [{ dims, data }],
    percentile,
    threads: 1,
  });
}

describe('measureRanges', () => {
  it('holds all values of all samples, or as many percent of each as wanted', async () => {
    const graph = createConv();
    const range = (await calibrate(graph, 100, [1, 2, 3])).get('image');
    const all = [1, 2, 3].flatMap((seed) => [...createNoise(180, seed)]);
    assert.deepEqual(range, { min: Math.min(...all), max: Math.max(...all) });
    const narrow = (await calibrate(graph, 90, [1])).get('image');
    const sorted = createNoise(180, 1).toSorted();
    assert.deepEqual(narrow, { min: sorted[9], max: sorted[170] });
  });
});

describe('quantizeStatic', () => {
  it('computes a convolution in integers, within what rounding explains', async () => {
    const graph = createConv();
    const ranges = await calibrate(graph);
    const integer = quantizeStatic(graph, ranges);
    const expected = await runOnNoise(graph);
    const difference = findLargestDifference(expected, await runOnNoise(integer));
    assert.ok(difference > 0 && difference < productError);
  });

  it('quantizes what a Relu lets through, and a depthwise convolution', async () => {
    const graph = createGraph(
      [1, 5, 6, 6],
      [
        node('Conv', ['image', 'weights', 'bias'], 'made', {
          group: int(5),
          pads: ints(1, 1, 1, 1),
        }),
        node('Relu', ['made'], 'lit'),
        node('Conv', ['lit', 'more'], 'mixed'),
        node('Sigmoid', ['mixed'], 'result'),
      ],
      [
        noiseTensor('weights', [5, 1, 3, 3], 1),
        noiseTensor('bias', [5], 2),
        noiseTensor('more', [4, 5, 1, 1], 3),
      ],
    );
    assert.deepEqual(activationsToMeasure(graph), ['image', 'lit', 'mixed']);
    const integer = quantizeStatic(graph, await calibrate(graph));
    const expected = await runOnNoise(graph);
    const difference = findLargestDifference(expected, await runOnNoise(integer));
    // The steps of 9 products, of what the Relu lets through (up to 10), of 5 products of that, and a slope of a quarter.
    const first = 9 * (0.5 / 127 + 1 / 255) + 5 / 255;
    const second = 5 * (first + 10 * (0.5 / 127)) + 50 / 255;
    assert.ok(difference > 0 && difference < second / 4);
  });

  it('shifts a bias that is large beside its weights without an overflow', async () => {
    const graph = createConv();
    const tensors = graph.tensors.map((tensor) => {
      if (tensor.name === 'bias') return { ...tensor, data: Float32Array.of(1, 1, 1, 1) };
      return { ...tensor, data: (tensor.data as Float32Array).map((value) => value * 1e-12) };
    });
    const tiny = { ...graph, tensors };
    const answer = await runOnNoise(quantizeStatic(tiny, await calibrate(tiny)));
    assert.ok(answer.every((value) => Math.abs(value - 1) < 0.01));
  });
});

describe('void-model quantize', () => {
  const selfie = fileURLToPath(new URL('../../models/selfie.onnx', import.meta.url));
  const images = fileURLToPath(new URL('../assets/parity', import.meta.url));

  it('converts the selfie model each way, and says what that costs', async () => {
    const methods = [
      ['--fp16-weights'],
      ['--fp16'],
      ['--fp16-io'],
      ['--int8', 'dynamic'],
      ['--int8', 'static', '--calibrate', images, '--limit', '2'],
    ];
    await withFolder(async (folder) => {
      for (const method of methods) {
        const output = join(folder, 'out.onnx');
        const { status, stdout, stderr } = await runCli([
          'quantize',
          selfie,
          '-o',
          output,
          '--runs',
          '2',
          ...method,
        ]);
        assert.equal(status, 0, stderr);
        assert.match(stdout, /\nfastest, ms .*\n\n +mean +worst\ndifference .*\nIoU at 0\.5 /);
        if (method.includes('--fp16-io')) continue;
        const image = { dims: [1, 256, 256, 3], data: new Float32Array(3 * 256 * 256).fill(0.5) };
        const answer = await runOnnx(await readFile(output), image);
        assert.deepEqual(answer.dims, [1, 256, 256, 1]);
      }
    });
  });

  const misuses = [
    ['a.onnx', '-o', 'b.onnx'],
    ['a.onnx', '-o', 'b.onnx', '--fp16', '--int8', 'dynamic'],
    ['a.onnx', '-o', 'b.onnx', '--int8', 'static'],
    ['a.onnx', '-o', 'b.onnx', '--int8', 'fast'],
    ['a.onnx', '--fp16'],
  ];
  for (const args of misuses) {
    it(`ends with status 2 on "quantize ${args.join(' ')}"`, async () => {
      const { status, stderr } = await runCli(['quantize', ...args]);
      assert.equal(status, 2);
      assert.match(stderr, /^void-model: .*See "void-model quantize --help"\.\n$/);
    });
  }
});
