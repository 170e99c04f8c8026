import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

import { PNG } from 'pngjs';

import { measureModels } from '../../tools/void-model/measure/measure-models.ts';
import { int, ints } from '../../tools/void-model/onnx/graph.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../../tools/void-model/onnx/graph.ts';
import { writeOnnx } from '../../tools/void-model/onnx/writer.ts';
import type { Picture } from '../../tools/void-model/pictures/decode.ts';
import { ToolError } from '../../tools/void-model/tool-error.ts';
import { runCli, withFolder } from './command-line.ts';
import { createGraph, node } from '../helpers/onnx-graphs.ts';

const [width, height] = [8, 4];

/** A graph on `[1, 4, 8, 3]` that answers with green, times `factor`, plus `offset`. */
function createGreen(factor: number, offset = 0): OnnxGraph {
  return createGraph(
    [1, height, width, 3],
    [
      node('Slice', ['image', 'one', 'two', 'three'], 'green'),
      node('Mul', ['green', 'factor'], 'product'),
      node('Add', ['product', 'offset'], 'mask'),
    ],
    [
      ...[1n, 2n, 3n].map((value, i): OnnxTensor => {
        const name = ['one', 'two', 'three'][i] ?? '';
        return { name, dims: [1], data: BigInt64Array.of(value) };
      }),
      { name: 'factor', dims: [], data: Float32Array.of(factor) },
      { name: 'offset', dims: [], data: Float32Array.of(offset) },
    ],
  );
}

/** A graph that answers with its input, times 20, after these nodes. */
function createColors(nodes: readonly OnnxNode[], input = 'image', tensors: OnnxTensor[] = []) {
  return createGraph(
    [1, height, width, 3],
    [...nodes, node('Mul', [input, 'factor'], 'classes')],
    [{ name: 'factor', dims: [], data: Float32Array.of(20) }, ...tensors],
  );
}

/** A picture whose pixels are red, green and blue of what `paint` gives for their column. */
function createPicture(
  paint: (x: number) => readonly [number, number, number],
  size = { width, height },
): Picture {
  const data = new Uint8Array(4 * size.width * size.height);
  for (let i = 0; i < size.width * size.height; i++) {
    data.set([...paint(i % size.width), 255], 4 * i);
  }
  return { ...size, data };
}

const green = createPicture(() => [0, 255, 0]);
const black = createPicture(() => [0, 0, 0]);

async function compare(a: OnnxGraph, b: OnnxGraph, pictures: Readonly<Record<string, Picture>>) {
  const models = [
    { name: 'a', onnx: writeOnnx(a) },
    { name: 'b', onnx: writeOnnx(b) },
  ] as const;
  return measureModels(models, {
    runs: 20,
    pictures: Object.entries(pictures).map(([name, picture]) => {
      return { name, read: () => Promise.resolve(picture) };
    }),
    manifest: null,
    threads: 1,
  });
}

function assertNear(actual: number, expected: number, tolerance = 1e-6): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);
}

describe('measureModels', () => {
  it('tells how far the second is from the first, and on which picture', async () => {
    const { samples, difference, iou, agreement, classes, kind } = await compare(
      createGreen(1),
      createGreen(0.4),
      { black, green },
    );
    assert.deepEqual([samples, classes, kind, agreement], [2, 1, 'probability', null]);
    assertNear(difference.mean, 0.3);
    assertNear(difference.worst, 0.6);
    assert.equal(difference.worstOn, 'green');
    // Nothing is found in black by both; in green by the first alone.
    assert.deepEqual(iou, { mean: 0.5, worst: 0, worstOn: 'green' });
  });

  it('samples pictures by area', async () => {
    const stripes = createPicture((x) => (x % 2 ? [0, 0, 0] : [255, 255, 255]), {
      width: 2 * width,
      height: 3 * height,
    });
    const { difference } = await compare(createGreen(1), createGreen(0, 0.5), { stripes });
    assertNear(difference.worst, 0, 0.5 / 255 + 1e-6);
  });

  it('tells on how many pixels both find the same class likeliest', async () => {
    const half = createPicture((x) => (x < 2 ? [255, 0, 0] : [0, 255, 0]));
    const order: OnnxTensor = { name: 'order', dims: [3], data: BigInt64Array.of(2n, 1n, 0n) };
    const turn = node('Gather', ['image', 'order'], 'turned', { axis: int(3) });
    const { agreement, kind, classes } = await compare(
      createColors([]),
      createColors([turn], 'turned', [order]),
      { half },
    );
    assert.deepEqual([agreement, kind, classes], [0.75, 'logits', 3]);
  });

  it('compares models of different layouts', async () => {
    const nhwc = createColors([]);
    const planar = {
      ...createColors([]),
      inputs: [{ name: 'image', dims: [1, 3, height, width] }],
    };
    const back = createColors(
      [node('Transpose', ['image'], 'turned', { perm: ints(0, 3, 1, 2) })],
      'turned',
    );
    const ramp = createPicture((x) => [20 * x, 255 - 30 * x, 10 * x]);
    for (const other of [planar, back]) {
      assertNear((await compare(nhwc, other, { ramp })).difference.worst, 0);
    }
  });

  it('counts answers that are no numbers as the worst', async () => {
    const broken = createGreen(NaN);
    const { difference } = await compare(createGreen(1), broken, { green, black });
    assert.ok(Number.isNaN(difference.worst));
  });

  it('refuses answers of different sizes', async () => {
    const small = createGraph([1, 4, 4, 3], [node('Identity', ['image'], 'mask')], []);
    await assert.rejects(
      compare(createColors([]), small, { green }),
      (error) => error instanceof ToolError && /"a" answers 8x4 .* "b" 4x4 /.test(error.message),
    );
  });
});

describe('void-model validate', () => {
  const packageJson = createRequire(import.meta.url).resolve(
    '@mediapipe/selfie_segmentation/package.json',
  );
  const tflite = join(dirname(packageJson), 'selfie_segmentation.tflite');
  const onnx = fileURLToPath(new URL('../../models/selfie.onnx', import.meta.url));
  const images = fileURLToPath(new URL('../assets/parity', import.meta.url));

  it('finds the converted selfie model equal to the original', async () => {
    const { stdout } = await runCli([
      'validate',
      tflite,
      onnx,
      '--images',
      images,
      '--limit',
      '2',
      '--json',
    ]);
    const { models, samples, difference, iou } = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual(models, [
      { name: 'selfie_segmentation.tflite', sizeBytes: 249024 },
      { name: 'selfie.onnx', sizeBytes: 246914 },
    ]);
    assert.equal(samples, 2);
    const worstOn = 'astronaut-256x144.png';
    assert.deepEqual(difference, { mean: 0, worst: 0, worstOn });
    assert.deepEqual(iou, { mean: 1, worst: 1, worstOn });
  });

  it('prints a table', async () => {
    await withFolder(async (folder) => {
      const [a, b] = [join(folder, 'a.onnx'), join(folder, 'b.onnx')];
      await writeFile(a, writeOnnx(createGreen(1)));
      await writeFile(b, writeOnnx(createGreen(0.4)));
      const png = new PNG({ width, height });
      png.data.set(green.data);
      await writeFile(join(folder, 'green.png'), PNG.sync.write(png));
      const { stdout, stderr } = await runCli(['validate', a, b, '--images', folder]);
      assert.match(stdout, /^ +a\.onnx +b\.onnx\nsize, bytes +\d+ +\d+ +x 1\.00\nmedian, ms /);
      assert.match(stdout, /\ndifference +0\.6000 +0\.6000 +green\.png\n/);
      assert.match(stdout, /\n\n1 picture, output read as probability, a guess; ONNX Runtime Web/);
      assert.match(stderr, /pictures, 1 of 1/);
    });
  });

  const misuses = [
    ['a.onnx', '--images', 'photos'],
    ['a.onnx', 'b.onnx'],
    ['a.onnx', 'b.onnx', '--images', 'photos', '--threads', 'many'],
    ['a.onnx', 'b.onnx', '--images', 'photos', '--runs', '0'],
  ];
  for (const args of misuses) {
    it(`ends with status 2 on "validate ${args.join(' ')}"`, async () => {
      const { status, stderr } = await runCli(['validate', ...args]);
      assert.equal(status, 2);
      assert.match(stderr, /^void-model: .*See "void-model validate --help"\.\n$/);
    });
  }
});
