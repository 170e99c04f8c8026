import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

import { paintGolden } from '../../src/inference/golden.ts';
import { parseManifest } from '../../src/inference/manifest.ts';
import { runOnnx } from '../../tools/run-onnx.ts';
import { buildOnnxGraph } from '../../tools/void-model/conversion/build-onnx-graph.ts';
import { convertTflite } from '../../tools/void-model/convert.ts';
import { moveConvBeforeResize } from '../../tools/void-model/passes/move-conv-before-resize.ts';
import { readTflite } from '../../tools/void-model/tflite/model.ts';
import { ToolError } from '../../tools/void-model/tool-error.ts';
import type { ToolErrorCode } from '../../tools/void-model/tool-error.ts';
import { runCli, withFolder } from './command-line.ts';

const resolve = createRequire(import.meta.url).resolve;
const packageJson = resolve('@mediapipe/selfie_segmentation/package.json');
const squarePath = join(dirname(packageJson), 'selfie_segmentation.tflite');
const square = await readFile(squarePath);

function isToolError(code: ToolErrorCode, words: RegExp) {
  return (error: unknown) =>
    error instanceof ToolError && error.code === code && words.test(error.message);
}

describe('readTflite', () => {
  it('reads the square selfie model', () => {
    const model = readTflite(square);
    const names = model.operators.map(({ name }) => name);
    assert.equal(names.length, 246);
    assert.equal(names.filter((name) => name === 'DEQUANTIZE').length, 110);
    assert.equal(names.filter((name) => name === 'Convolution2DTransposeBias').length, 1);
    assert.deepEqual(model.tensors[model.inputs[0] ?? -1]?.shape, [1, 256, 256, 3]);
    assert.deepEqual(model.tensors[model.outputs[0] ?? -1]?.shape, [1, 256, 256, 1]);
  });

  it('refuses other files', () => {
    for (const text of ['', 'TFL3', '<!doctype html><title>Not found</title>']) {
      const bytes = new TextEncoder().encode(text);
      assert.throws(() => readTflite(bytes), isToolError('not-tflite', /not a TensorFlow Lite/));
    }
  });

  it('refuses a model that is cut short, wherever', () => {
    for (const part of [0.001, 0.1, 0.5, 0.9, 0.999]) {
      const cut = square.subarray(0, Math.max(8, Math.floor(square.length * part)));
      assert.throws(() => readTflite(cut), isToolError('not-tflite', /damaged or cut short/));
    }
  });
});

describe('convertTflite', () => {
  it('gives the same bytes each time, those of the committed model', async () => {
    const committed = await readFile(new URL('../../models/selfie.onnx', import.meta.url));
    const first = convertTflite(square);
    assert.ok(committed.equals(first));
    assert.ok(committed.equals(convertTflite(square)));
  });

  it('loses nothing by storing weights in 16 bits', async () => {
    const rgb = paintGolden(256, 256).filter((_, index) => index % 4 !== 3);
    const image = { dims: [1, 256, 256, 3], data: Float32Array.from(rgb, (level) => level / 255) };
    const narrow = convertTflite(square);
    const wide = convertTflite(square, { float32: true });
    assert.ok(narrow.length < 0.6 * wide.length);
    assert.deepEqual(await runOnnx(narrow, image), await runOnnx(wide, image));
  });

  it('moves three convolutions of the square model', () => {
    const graph = buildOnnxGraph(readTflite(square));
    const producers = (nodes: typeof graph.nodes) => {
      const resizes = nodes.filter(({ opType }) => opType === 'Resize');
      return resizes.map(
        ({ inputs }) => nodes.find(({ outputs }) => outputs[0] === inputs[0])?.opType,
      );
    };
    assert.deepEqual(producers(graph.nodes), ['Mul', 'Add', 'Add']);
    assert.deepEqual(producers(moveConvBeforeResize(graph).nodes), ['Conv', 'Conv', 'Conv']);
  });

  it('names every operator that has no conversion', () => {
    const model = readTflite(square);
    const unknown = {
      ...model,
      operators: model.operators.map((operator) => {
        const renamed = new Map([
          ['RELU', 'LESS'],
          ['HARD_SWISH', 'NEG'],
        ]);
        return { ...operator, name: renamed.get(operator.name) ?? operator.name };
      }),
    };
    const words =
      /no conversion yet: (LESS, NEG|NEG, LESS)\. .*Supported: ADD, .*, TRANSPOSE_CONV\.$/;
    assert.throws(() => buildOnnxGraph(unknown), isToolError('unsupported-op', words));
  });
});

describe('void-model convert', () => {
  it('writes what convertTflite returns', async () => {
    await withFolder(async (folder) => {
      const output = join(folder, 'out.onnx');
      const { status, stdout } = await runCli(['convert', squarePath, '-o', output]);
      assert.equal(status, 0);
      assert.match(stdout, /out\.onnx: 246914 bytes, from 249024/);
      assert.ok((await readFile(output)).equals(convertTflite(square)));
    });
  });

  it('writes a manifest and says what it goes by', async () => {
    await withFolder(async (folder) => {
      const [output, manifest] = [join(folder, 'out.onnx'), join(folder, 'out.json')];
      const { stdout } = await runCli(['convert', squarePath, '-o', output, '-m', manifest]);
      const sources = 'the family MediaPipe selfie, its shapes and operators';
      assert.ok(stdout.includes(`out.json: manifest, by ${sources}`));
      const { file, bytes, input } = parseManifest(JSON.parse(await readFile(manifest, 'utf8')));
      assert.deepEqual([file, bytes, input.width, input.range], ['out.onnx', 246914, 256, [0, 1]]);
    });
  });

  it('explains itself', async () => {
    assert.match((await runCli(['--help'])).stdout, /convert +turn a TensorFlow Lite model/);
    assert.match((await runCli(['convert', '--help'])).stdout, /Examples\n.*-o selfie\.onnx/);
  });

  it('fails with a sentence for a file that is not a model', async () => {
    await withFolder(async (folder) => {
      const input = join(folder, 'page.tflite');
      await writeFile(input, '<!doctype html><title>Not found</title>');
      const { status, stderr } = await runCli(['convert', input, '-o', join(folder, 'out.onnx')]);
      assert.equal(status, 1);
      assert.match(stderr, /^void-model: The input is not a TensorFlow Lite model: /);
    });
  });

  const misuses = [[], ['in.tflite'], ['a', 'b', '-o', 'c'], ['in.tflite', '-o'], ['--fast', 'in']];
  for (const args of misuses) {
    it(`ends with status 2 on "convert ${args.join(' ')}"`, async () => {
      const { status, stderr } = await runCli(['convert', ...args]);
      assert.equal(status, 2);
      assert.match(stderr, /^void-model: .*See "void-model convert --help"\.\n$/);
    });
  }
});
