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
    const { stdout } = await runCli(['inspect', green]);
    assert.match(stdout, /^in {5}image: float32 \[1, 64, 64, 3\]$/m);
    assert.match(stdout, /^ {5}1 Sigmoid$/m);
    assert.match(stdout, /guesses +output\.kind "probability", input\.range \[0,1\]/);
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

  it('says what keeps the element from running a model, and takes sizes by name', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'open.onnx');
      await writeFile(path, writeOnnx(open));
      const { stdout } = await runCli(['inspect', path]);
      assert.match(
        stdout,
        /cannot run it\n.*"image" leaves the size open: \[1, 3, height, width\]/,
      );
      const fixed = await runCli(['inspect', path, '--dim', 'height=32', '--dim', 'width=48']);
      assert.match(fixed.stdout, /would take it as\n.*"layout":"nchw","width":48,"height":32/);
    });
  });
});

describe('void-model manifest', () => {
  it('writes one that the element takes, with the hash of the file', async () => {
    await withFolder(async (folder) => {
      const output = join(folder, 'green.json');
      const classes = 'background,leaf';
      const args = ['manifest', green, '-o', output, '--range=-1,1', '--classes', classes];
      const { stdout, status } = await runCli(args);
      assert.equal(status, 0);
      assert.match(
        stdout,
        /check what is guessed: output\.kind "probability", input\.order "rgb"\n$/,
      );
      const manifest = parseManifest(JSON.parse(await readFile(output, 'utf8')));
      assert.equal(manifest.integrity, hashIntegrity(await readFile(green)));
      assert.deepEqual(manifest.input.range, [-1, 1]);
      assert.deepEqual(manifest.output.classes, ['background', 'leaf']);
      assert.equal(new URL(String(manifest.file), `file://${output}`).pathname, green);
    });
  });

  it('fails for a model whose picture has no size, unless it is given', async () => {
    await withFolder(async (folder) => {
      const path = join(folder, 'open.onnx');
      await writeFile(path, writeOnnx(open));
      const { status, stderr } = await runCli(['manifest', path]);
      assert.equal(status, 1);
      assert.match(stderr, /^void-model: The element cannot run the model\. .*--size 256x256/);
      const given = await runCli(['manifest', path, '--size', '48x32', '--kind', 'logits']);
      const { output } = parseManifest(JSON.parse(given.stdout));
      assert.deepEqual([output.width, output.height, output.kind], [48, 32, 'logits']);
    });
  });

  const misuses = [
    ['manifest'],
    ['manifest', green, '--range', '1'],
    ['manifest', green, '--kind', 'alpha'],
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
