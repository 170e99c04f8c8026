import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { parseManifest } from '../../src/inference/manifest.ts';
import { hashIntegrity } from '../../tools/generated-files.ts';
import { inspectModel } from '../../tools/void-model/analysis/inspect.ts';
import type { OnnxGraph, OnnxNode } from '../../tools/void-model/onnx/graph.ts';
import { createModel } from '../../tools/void-model/onnx/model.ts';
import { writeOnnx } from '../../tools/void-model/onnx/writer.ts';
import { createRedModel, type RedModel } from '../helpers/red-model.ts';
import { runCli, withFolder } from './command-line.ts';

const selfie = fileURLToPath(new URL('../../models/selfie.onnx', import.meta.url));
const green = fileURLToPath(new URL('../assets/models/green.onnx', import.meta.url));

function node(opType: string, input: string, output: string): OnnxNode {
  return { name: output, opType, inputs: [input], outputs: [output], attributes: {} };
}

/** `[batch, 3, height, width]` in and one channel out, as models of PyTorch that leave the size open. */
const open: OnnxGraph = {
  name: 'open',
  inputs: [{ name: 'image', dims: [1, 3, 'height', 'width'] }],
  outputs: [{ name: 'mask', dims: [1, 1, 'height', 'width'] }],
  tensors: [],
  nodes: [node('NonZero', 'image', 'inside'), node('Sigmoid', 'inside', 'mask')],
};

/** Nothing says what 0 and 255 become. */
const red: RedModel = {
  input: { name: 'picture', dims: [1, 3, 32, 48] },
  output: { name: 'mask', dims: [1, 1, 32, 48] },
  end: 'Sigmoid',
};

describe('void-model inspect', () => {
  it('tells of the built-in model what is known of it', async () => {
    const { stdout, status } = await runCli(['inspect', selfie, '--json']);
    assert.equal(status, 0);
    const report = JSON.parse(stdout) as ReturnType<typeof inspectModel> & { bytes: number };
    assert.equal(report.bytes, 246914);
    assert.equal(report.opset, 17);
    assert.equal(report.operators['Conv'], 54);
    assert.equal(report.parameters, 106413);
    // 59.2 million, less 6.7 for three convolutions that convert moved; see docs/graph-rewrites.md.
    assert.equal((report.macs / 1e6).toFixed(1), '52.5');
    assert.deepEqual(report.inputs, [{ name: 'input_1', type: 'float32', dims: [1, 256, 256, 3] }]);
    assert.deepEqual(report.missingKernels, { webgpu: [], wasm: [] });
  });

  it('prints it for people', async () => {
    const { stdout } = await runCli(['inspect', selfie]);
    assert.match(stdout, /^in {5}input_1: float32 \[1, 256, 256, 3\]$/m);
    assert.match(stdout, /^ {4}11 Sigmoid$/m);
    assert.match(stdout, /takes it as\n.*"range":\[0,1\].*\n.*"kind":"probability"/);
    assert.match(stdout, /known by +its manifest, the family MediaPipe selfie, its shapes/);
  });

  it('names operators without a kernel, and sizes that nothing tells', () => {
    const { missingKernels, unknownShapes } = inspectModel(
      createModel({ ...open, nodes: [...open.nodes, node('ImageDecoder', 'image', 'other')] }),
    );
    assert.deepEqual(missingKernels, {
      webgpu: ['ImageDecoder', 'NonZero'],
      wasm: ['ImageDecoder'],
    });
    assert.deepEqual(unknownShapes, ['ImageDecoder', 'NonZero']);
  });

  it('says in the words of the element why that would refuse a model', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'red.onnx');
      await writeFile(path, createRedModel(red));
      const { stdout } = await runCli(['inspect', path]);
      assert.match(stdout, /would refuse it\n {2}"red\.onnx" does not tell all .*"input\.range"/);
    });
  });

  it('goes by what the metadata tell, as the element does', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'red.onnx');
      const facts = { input: { range: [-1, 1] }, output: { classes: ['wall', 'tomato'] } };
      const metadata = { 'void-segmenter': JSON.stringify(facts) };
      await writeFile(path, createRedModel({ ...red, metadata }));
      const { stdout } = await runCli(['inspect', path]);
      assert.match(stdout, /takes it as\n.*"range":\[-1,1\].*\n.*"classes":\["wall","tomato"\]/);
      assert.match(stdout, /known by +its metadata "void-segmenter", its shapes and operators/);
    });
  });

  it('takes sizes by name', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'open.onnx');
      await writeFile(path, writeOnnx(open));
      await writeFile(join(folder, 'open.json'), '{"input": {"range": [0, 1]}}');
      const fixed = await runCli(['inspect', path, '--dim', 'height=32', '--dim', 'width=48']);
      assert.match(fixed.stdout, /takes it as\n.*"layout":"nchw","width":48,"height":32/);
    });
  });
});

describe('void-model manifest', () => {
  it('writes one that the element takes, with size and hash of the file', async () => {
    await withFolder(async (folder) => {
      const output = join(folder, 'green.json');
      const classes = 'background,leaf';
      const args = ['manifest', green, '-o', output, '--range=-1,1', '--classes', classes];
      const { stdout, status } = await runCli(args);
      assert.equal(status, 0);
      assert.match(stdout, /by what you say, its shapes and operators\n$/);
      const manifest = parseManifest(JSON.parse(await readFile(output, 'utf8')));
      const bytes = await readFile(green);
      assert.equal(manifest.integrity, hashIntegrity(bytes));
      assert.equal(manifest.bytes, bytes.byteLength);
      assert.deepEqual(manifest.input.range, [-1, 1]);
      assert.deepEqual(manifest.output.classes, ['background', 'leaf']);
      assert.equal(manifest.output.kind, 'probability');
      assert.equal(new URL(String(manifest.file), `file://${output}`).pathname, green);
    });
  });

  it('names what nothing tells', async () => {
    const { status, stderr } = await runCli(['manifest', green]);
    assert.equal(status, 1);
    assert.match(stderr, /^void-model: "green\.onnx" does not tell all .*Missing: "input\.range"/);
  });

  it('leaves a size open that the model leaves open, unless it is given', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'open.onnx');
      await writeFile(path, writeOnnx(open));
      const sizes = async (...args: string[]) => {
        const { stdout } = await runCli(['manifest', path, '--range=0,1', ...args]);
        const { input, output } = parseManifest(JSON.parse(stdout));
        return [input.width, input.height, output.width, output.height];
      };
      assert.deepEqual(await sizes(), [undefined, undefined, undefined, undefined]);
      assert.deepEqual(await sizes('--size', '48x32'), [48, 32, 48, 32]);
    });
  });

  const misuses = [
    ['manifest'],
    ['manifest', green, '--range', '1'],
    ['manifest', green, '--kind', 'sigmoid'],
    ['manifest', green, '--size', 'large'],
    ['inspect', green, selfie],
    ['inspect', green, '--dim', 'height'],
  ];
  for (const args of misuses) {
    const [command = ''] = args;
    const words = args.slice(1).map((word) => word.replace(/.*\//, ''));
    it(`ends with status 2 on "${command} ${words.join(' ')}"`, async () => {
      const { status, stderr } = await runCli(args);
      assert.equal(status, 2);
      assert.match(stderr, new RegExp(`See "void-model ${command} --help"\\.\\n$`));
    });
  }
});
