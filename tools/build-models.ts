/**
 * Makes `models/`: converts MediaPipe's selfie models and writes a manifest for each.
 *
 *   npm run models             write the files
 *   npm run models -- --check  fail if the committed files differ
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import { paintGolden, summarizeMask } from '../src/inference/golden.ts';
import { parseManifest } from '../src/inference/manifest.ts';
import { createJsonFile, hashIntegrity, rootUrl, writeOrCheck } from './generated-files.ts';
import type { GeneratedFile } from './generated-files.ts';
import { runOnnx } from './run-onnx.ts';
import { convertTflite } from './void-model/convert.ts';
import { readTflite } from './void-model/tflite/model.ts';
import type { TfliteModel } from './void-model/tflite/model.ts';

interface ModelSource {
  readonly name: string;
  readonly tflite: string;
}

const sourcePackage = '@mediapipe/selfie_segmentation';
const sources: readonly ModelSource[] = [
  { name: 'selfie', tflite: 'selfie_segmentation.tflite' },
  { name: 'selfie-landscape', tflite: 'selfie_segmentation_landscape.tflite' },
];

/** Side of a cell of the golden, in mask pixels. Divides both models' sizes. */
const goldenCellPx = 16;
/**
 * Largest difference of a cell that passes, in levels of 255. Right backends differ by less than 1 in float32 and
 * by about 5 with 16-bit arithmetic; wrong ones by 100 and more.
 */
const goldenTolerance = 8;

interface PictureTensor {
  readonly name: string;
  readonly width: number;
  readonly height: number;
}

/** Name and size of an input or output `[1, height, width, channels]`. */
function describeTensor(model: TfliteModel, [index = 0]: readonly number[]): PictureTensor {
  const { name = '', shape = [] } = model.tensors[index] ?? {};
  const [, height = 0, width = 0] = shape;
  return { name, width, height };
}

/** Runs the model on the painted picture and reduces its answer. */
async function computeGolden(onnx: Uint8Array, { width, height }: PictureTensor) {
  const rgb = paintGolden(width, height).filter((_, index) => index % 4 !== 3);
  const input = {
    dims: [1, height, width, 3],
    data: Float32Array.from(rgb, (level) => level / 255),
  };
  const mask = (await runOnnx(onnx, input)).data;
  const grid = { width: width / goldenCellPx, height: height / goldenCellPx };
  const values = summarizeMask(mask, width, height, grid.width, grid.height);
  return { ...grid, values: Buffer.from(values).toString('base64'), tolerance: goldenTolerance };
}

async function buildModel({ name, tflite }: ModelSource): Promise<GeneratedFile[]> {
  const packageJson = createRequire(import.meta.url).resolve(`${sourcePackage}/package.json`);
  const { version, license } = JSON.parse(await readFile(packageJson, 'utf8')) as {
    version: string;
    license: string;
  };
  const original = await readFile(join(dirname(packageJson), tflite));
  const onnx = convertTflite(original);
  const model = readTflite(original);
  const input = describeTensor(model, model.inputs);
  const output = describeTensor(model, model.outputs);
  const manifest = {
    name,
    file: `${name}.onnx`,
    integrity: hashIntegrity(onnx),
    bytes: onnx.length,
    license,
    source: `${tflite} of npm ${sourcePackage}@${version} (MediaPipe, Google), converted by void-model`,
    framing: 'people',
    input: {
      name: input.name,
      layout: 'nhwc',
      width: input.width,
      height: input.height,
      type: 'float32',
      range: [0, 1],
      order: 'rgb',
    },
    output: {
      name: output.name,
      layout: 'nhwc',
      width: output.width,
      height: output.height,
      kind: 'probability',
      classes: ['background', 'person'],
    },
    golden: await computeGolden(onnx, input),
  };
  parseManifest(manifest);
  return [
    { url: new URL(`models/${name}.onnx`, rootUrl), bytes: onnx },
    await createJsonFile(new URL(`models/${name}.json`, rootUrl), manifest),
  ];
}

const files: GeneratedFile[] = [];
for (const source of sources) files.push(...(await buildModel(source)));
await writeOrCheck(files, 'npm run models');
