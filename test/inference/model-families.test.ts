/**
 * Models in the shape of public ones, by the names and shapes of their tensors and nothing else, run on WebAssembly. Each takes red for
 * foreground, in the range and order that its family is known for; fed otherwise it would answer otherwise.
 */
import { expect } from '@open-wc/testing';
import * as ort from 'onnxruntime-web/wasm';

import { CpuEngine } from '../../src/inference/cpu-engine.ts';
import type { ModelFile } from '../../src/inference/model-loader.ts';
import { OrtRuntime } from '../../src/inference/ort-session.ts';
import type { OnnxModel } from '../helpers/onnx.ts';
import { createRedModel, expectedRed, type RedModel } from '../helpers/red-model.ts';

const runtime = new OrtRuntime(ort);
runtime.configure({ wasmUrl: '' }, { module: null }, 1);

function createFile(bytes: Uint8Array<ArrayBuffer>, more: Partial<ModelFile> = {}): ModelFile {
  return {
    manifest: null,
    bytes,
    url: 'https://models.example/red.onnx',
    externalData: [],
    ...more,
  };
}

/** Columns run from no red to all of it; green and blue run otherwise. */
function createPixels(width: number, height: number): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i++) {
    const column = i % width;
    pixels.set(
      [Math.round((255 * column) / (width - 1)), (i * 7) % 256, 255 - ((i * 3) % 256), 255],
      4 * i,
    );
  }
  return pixels;
}

interface Expected {
  readonly size: readonly [width: number, height: number];
  readonly classes?: number;
  /** Of index maps a mask is all or nothing. */
  readonly isHard?: boolean;
  readonly shrink?: number;
  /** Largest difference; more where numbers are stored in fewer bits. */
  readonly tolerance?: number;
}

async function expectRed(file: ModelFile, expected: Expected): Promise<CpuEngine> {
  const { engine } = await CpuEngine.create(runtime, 'wasm', file);
  const { input, output } = engine.model;
  const { shrink = 1, tolerance = 1e-4, isHard = false } = expected;
  expect([input.width, input.height]).to.deep.equal(expected.size);
  expect([output.width, output.height]).to.deep.equal(expected.size.map((side) => side / shrink));
  if (expected.classes) expect(output.classes.length).to.equal(expected.classes);
  const pixels = createPixels(input.width, input.height);
  const foreground = output.foreground ?? output.classes.slice(1).map((_, i) => i + 1);
  const { mask } = await engine.run(pixels, { foreground, hasCategories: false });
  let worst = 0;
  for (let y = 0; y < output.height; y++) {
    for (let x = 0; x < output.width; x++) {
      const red = expectedRed((pixels[4 * (shrink * y * input.width + shrink * x)] ?? NaN) / 255);
      const wanted = isHard ? Number(red > 0.5) : red;
      const difference = Math.abs((mask[y * output.width + x] ?? NaN) - wanted);
      if (!(difference <= worst)) worst = difference;
    }
  }
  expect(worst).to.be.below(tolerance);
  return engine;
}

/** What is beside the answer. */
function addOutputs(names: readonly string[], dims: OnnxModel['outputs'][number]['dims']) {
  return (model: OnnxModel): OnnxModel => ({
    ...model,
    nodes: [
      ...model.nodes,
      ...names.map((name) => ({
        operator: 'Sub',
        inputs: ['one', model.outputs[0]?.name ?? ''],
        outputs: [name],
      })),
    ],
    outputs: [...model.outputs, ...names.map((name) => ({ name, dims }))],
  });
}

const imageNet = { mean: 0.485, std: 0.229 };
const sides = ['height', 'width'];

const families: readonly (readonly [title: string, model: RedModel, expected: Expected])[] = [
  [
    'MediaPipe selfie of the ONNX community',
    {
      input: { name: 'pixel_values', dims: ['batch_size', 3, 32, 32] },
      output: { name: 'alphas', dims: ['batch_size', 1, 32, 32] },
      end: 'Sigmoid',
    },
    { size: [32, 32] },
  ],
  [
    'MediaPipe selfie landscape',
    {
      input: { name: 'input_1', dims: [1, 18, 32, 3] },
      output: { name: 'segment_back', dims: [1, 18, 32, 1] },
      channelAxis: 3,
      end: 'Sigmoid',
    },
    { size: [32, 18] },
  ],
  [
    'MediaPipe selfie multiclass',
    {
      input: { name: 'input_29', dims: [1, 256, 256, 3] },
      output: { name: 'Identity', dims: [1, 256, 256, 6] },
      channelAxis: 3,
      channels: 6,
      foreground: 4,
      mean: 0.5,
      std: 0.5,
    },
    { size: [256, 256], classes: 6 },
  ],
  [
    'MODNet',
    {
      input: { name: 'input', dims: ['batch_size', 3, ...sides] },
      output: { name: 'output', dims: ['batch_size', 1, ...sides] },
      mean: 0.5,
      std: 0.5,
      end: 'Sigmoid',
      change: (model) => ({
        ...model,
        nodes: [
          ...model.nodes,
          {
            operator: 'InstanceNormalization',
            inputs: ['input', 'three', 'three'],
            outputs: ['unused'],
          },
        ],
        constants: [
          ...model.constants,
          { name: 'three', dims: [3], data: Float32Array.of(1, 1, 1) },
        ],
      }),
    },
    { size: [256, 256] },
  ],
  [
    'U2-Net',
    {
      input: { name: 'input.1', dims: [1, 3, 32, 32] },
      output: { name: '1959', dims: [1, 1, 32, 32] },
      ...imageNet,
      end: 'Sigmoid',
      change: addOutputs(['1960', '1961', '1962', '1963', '1964', '1965'], [1, 1, 32, 32]),
    },
    { size: [32, 32] },
  ],
  [
    'IS-Net',
    {
      input: { name: 'input', dims: [1, 3, 32, 32] },
      output: { name: 'd1', dims: [1, 1, 32, 32] },
      mean: 0.5,
      end: 'Sigmoid',
      change: addOutputs(
        Array.from({ length: 11 }, (_, i) => `d${i + 2}`),
        [1, 1, 32, 32],
      ),
    },
    { size: [32, 32] },
  ],
  [
    'Robust Video Matting',
    {
      input: { name: 'src', dims: ['batch_size', 3, ...sides] },
      output: { name: 'pha', dims: ['batch_size', 1, ...sides] },
      end: 'Clip',
      change: (model) => {
        const states = [1, 2, 3, 4];
        const [pha] = model.outputs;
        const nodes = model.nodes.map((node) =>
          node.outputs[0] === 'pha' ? { ...node, inputs: ['sum', 'zero', 'one'] } : node,
        );
        const clipped = model.nodes.at(-1)?.inputs[0] ?? '';
        nodes.splice(
          -1,
          0,
          { operator: 'Mul', inputs: [clipped, 'downsample_ratio'], outputs: ['scaled'] },
          { operator: 'Add', inputs: ['scaled', 'r1i'], outputs: ['sum'] },
        );
        return {
          ...model,
          inputs: [
            ...model.inputs,
            ...states.map((i) => ({ name: `r${i}i`, dims: ['batch_size', 'channels', ...sides] })),
            { name: 'downsample_ratio', dims: [1] },
          ],
          nodes: [
            ...nodes,
            { operator: 'Identity', inputs: ['src'], outputs: ['fgr'] },
            ...states.map((i) => ({
              operator: 'Identity',
              inputs: [`r${i}i`],
              outputs: [`r${i}o`],
            })),
          ],
          outputs: [
            { name: 'fgr', dims: ['batch_size', 3, ...sides] },
            ...(pha ? [pha] : []),
            ...states.map((i) => ({ name: `r${i}o`, dims: ['batch_size', 'channels', ...sides] })),
          ],
        };
      },
    },
    { size: [256, 144] },
  ],
  [
    'DeepLab of TensorFlow',
    {
      input: { name: 'ImageTensor:0', type: 'uint8', dims: [1, null, null, 3] },
      output: { name: 'SemanticPredictions:0', type: 'int64', dims: [1, null, null] },
      channelAxis: 3,
      std: 1 / 255,
      channels: 21,
      foreground: 15,
      end: 'ArgMax',
    },
    { size: [256, 256], classes: 21, isHard: true },
  ],
  [
    'DeepLab of TensorFlow without its preprocessing',
    {
      input: { name: 'MobilenetV2/MobilenetV2/input:0', dims: [1, 3, 33, 33] },
      output: { name: 'transpose:0', dims: [1, 2, 33, 33] },
      mean: 0.5,
      std: 0.5,
      channels: 2,
    },
    { size: [33, 33], classes: 2 },
  ],
  [
    'DeepLabV3 of torchvision',
    {
      input: { name: 'input', dims: ['batch', 3, ...sides] },
      output: { name: 'out', dims: ['batch', 21, ...sides] },
      ...imageNet,
      channels: 21,
      foreground: 15,
      change: addOutputs(['aux'], ['batch', 21, ...sides]),
    },
    { size: [256, 256], classes: 21 },
  ],
  [
    'SINet',
    {
      input: { name: 'data', dims: [1, 3, 32, 32] },
      output: { name: 'classifier/1', dims: [1, 2, 32, 32] },
      order: 'bgr',
      mean: 126.91212 / 255,
      std: 66.355705,
      channels: 2,
    },
    { size: [32, 32] },
  ],
  [
    'PP-HumanSeg with a softmax',
    {
      input: { name: 'x', dims: [null, 3, 36, 64] },
      output: { name: 'save_infer_model/scale_0.tmp_1', dims: [null, 2, 36, 64] },
      mean: 0.5,
      std: 0.5,
      channels: 2,
      end: 'Softmax',
    },
    { size: [64, 36] },
  ],
  [
    'PP-HumanSeg with an argmax',
    {
      input: { name: 'x', dims: [1, 3, 36, 64] },
      output: { name: 'argmax_0.tmp_0', type: 'int32', dims: [1, 36, 64] },
      mean: 0.5,
      std: 0.5,
      channels: 2,
      end: 'ArgMax',
    },
    { size: [64, 36], isHard: true },
  ],
  [
    'SegFormer of ADE20K',
    {
      input: { name: 'pixel_values', dims: ['batch_size', 'num_channels', ...sides] },
      output: { name: 'logits', dims: ['batch_size', 'num_labels', ...sides] },
      ...imageNet,
      channels: 150,
      foreground: 12,
      shrink: 4,
    },
    { size: [256, 256], classes: 150, shrink: 4 },
  ],
];

describe('known families', () => {
  for (const [title, model, expected] of families) {
    it(`run without a word: ${title}`, async () => {
      const engine = await expectRed(createFile(createRedModel(model)), expected);
      await engine.dispose();
    });
  }
});
