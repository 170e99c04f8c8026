/**
 * Makes `test/assets/models/`: models small enough for WebGPU in software, and files that must be refused.
 *
 *   npm run toy-models             write the files
 *   npm run toy-models -- --check  fail if the committed files differ
 */
import { parseManifest } from '../src/inference/manifest.ts';
import { createRedModel } from '../test/helpers/red-model.ts';
import { createJsonFile, hashIntegrity, rootUrl, writeOrCheck } from './generated-files.ts';
import type { GeneratedFile } from './generated-files.ts';
import { colorPicker, createDecoderGraph, createEncoderGraph } from './toy-color-picker.ts';
import { int, ints } from './void-model/onnx/graph.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from './void-model/onnx/graph.ts';
import { writeOnnx } from './void-model/onnx/writer.ts';

const folder = new URL('test/assets/models/', rootUrl);

/** A constant of int64, as Slice takes them. */
function int64Tensor(name: string, value: number): OnnxTensor {
  return { name, dims: [1], data: BigInt64Array.of(BigInt(value)) };
}

function floatTensor(name: string, value: number): OnnxTensor {
  return { name, dims: [1], data: Float32Array.of(value) };
}

function node(
  opType: string,
  inputs: readonly string[],
  output: string,
  attributes: OnnxNode['attributes'] = {},
): OnnxNode {
  return { name: output, opType, inputs, outputs: [output], attributes };
}

/**
 * Takes green for foreground: `[1, height, width, 3]` RGB 0..1 in, `[1, height, width, 1]` out,
 * `sigmoid((green - 0.5) * 20)`. Every pixel depends on itself alone.
 */
function createGreenGraph(width: number, height: number): OnnxGraph {
  return {
    name: 'green',
    inputs: [{ name: 'image', dims: [1, height, width, 3] }],
    outputs: [{ name: 'mask', dims: [1, height, width, 1] }],
    tensors: [
      int64Tensor('first', 1),
      int64Tensor('end', 2),
      int64Tensor('axis', 3),
      floatTensor('middle', 0.5),
      floatTensor('steepness', 20),
    ],
    nodes: [
      node('Slice', ['image', 'first', 'end', 'axis'], 'green'),
      node('Sub', ['green', 'middle'], 'difference'),
      node('Mul', ['difference', 'steepness'], 'logit'),
      node('Sigmoid', ['logit'], 'mask'),
    ],
  };
}

/** What a model that tells classes answers. */
interface ClassAnswer {
  readonly layout: 'nhwc' | 'nchw';
  readonly kind: 'logits' | 'softmax';
}

/**
 * Tells red, green and blue: `[1, height, width, 3]` RGB 0..1 in; one channel for each out, `20 * colour`, and the
 * softmax of that if so. Every pixel depends on itself alone.
 */
function createColorsGraph({ layout, kind }: ClassAnswer): OnnxGraph {
  const { width, height } = colorsSize;
  const isPlanar = layout === 'nchw';
  const dims = isPlanar ? [1, 3, height, width] : [1, height, width, 3];
  const turned = isPlanar
    ? [node('Transpose', ['scaled'], 'turned', { perm: ints(0, 3, 1, 2) })]
    : [];
  const answer = isPlanar ? 'turned' : 'scaled';
  return {
    name: 'colors',
    inputs: [{ name: 'image', dims: [1, height, width, 3] }],
    outputs: [{ name: 'classes', dims }],
    tensors: [floatTensor('steepness', 20)],
    nodes: [
      node('Mul', ['image', 'steepness'], 'scaled'),
      ...turned,
      kind === 'softmax'
        ? node('Softmax', [answer], 'classes', { axis: int(isPlanar ? 1 : 3) })
        : node('Identity', [answer], 'classes'),
    ],
  };
}

/** Takes green for foreground, as `green` does, and leaves the sigmoid to whoever runs it. */
function createLogitGraph(width: number, height: number): OnnxGraph {
  const graph = createGreenGraph(width, height);
  return { ...graph, nodes: [...graph.nodes.slice(0, -1), node('Identity', ['logit'], 'mask')] };
}

/**
 * Answers with an echo: `(green + before) / 2` of `[1, height, width, 3]` RGB 0..1, where `before` is what it answered to the frame before,
 * 0 to the first.
 */
function createEchoGraph({ width, height }: typeof colorsSize): OnnxGraph {
  const dims = [1, height, width, 1];
  return {
    name: 'echo',
    inputs: [
      { name: 'image', dims: [1, height, width, 3] },
      { name: 'before', dims },
    ],
    outputs: [
      { name: 'mask', dims },
      { name: 'after', dims },
    ],
    tensors: [
      int64Tensor('first', 1),
      int64Tensor('end', 2),
      int64Tensor('axis', 3),
      floatTensor('half', 0.5),
    ],
    nodes: [
      node('Slice', ['image', 'first', 'end', 'axis'], 'green'),
      node('Add', ['green', 'before'], 'sum'),
      node('Mul', ['sum', 'half'], 'mask'),
      node('Identity', ['mask'], 'after'),
    ],
  };
}

/** A sound model that has nothing to do with pictures: the first two of five numbers. */
function createPictureless(): OnnxGraph {
  return {
    name: 'pictureless',
    inputs: [{ name: 'features', dims: [1, 5] }],
    outputs: [{ name: 'scores', dims: [1, 2] }],
    tensors: [int64Tensor('first', 0), int64Tensor('end', 2), int64Tensor('axis', 1)],
    nodes: [node('Slice', ['features', 'first', 'end', 'axis'], 'scores')],
  };
}

function createManifest(
  name: string,
  file: string,
  onnx: Uint8Array,
  width: number,
  height: number,
) {
  return {
    name,
    file,
    integrity: hashIntegrity(onnx),
    license: 'Apache-2.0',
    source: 'made by tools/make-toy-models.ts',
    input: {
      name: 'image',
      layout: 'nhwc',
      width,
      height,
      type: 'float32',
      range: [0, 1],
      order: 'rgb',
    },
    output: {
      name: 'mask',
      layout: 'nhwc',
      width,
      height,
      kind: 'probability',
      classes: ['background', 'person'],
    },
  };
}

async function createManifestFile(file: string, manifest: unknown): Promise<GeneratedFile> {
  parseManifest(manifest);
  return createJsonFile(new URL(file, folder), manifest);
}

/** Not square, so that width and height are not taken for each other. */
const colorsSize = { width: 48, height: 32 };

async function createColors(name: string, answer: ClassAnswer): Promise<GeneratedFile[]> {
  const { width, height } = colorsSize;
  const onnx = writeOnnx(createColorsGraph(answer));
  const manifest = createManifest(name, `${name}.onnx`, onnx, width, height);
  return [
    { url: new URL(`${name}.onnx`, folder), bytes: onnx },
    await createManifestFile(`${name}.json`, {
      ...manifest,
      output: {
        ...manifest.output,
        name: 'classes',
        ...answer,
        classes: ['background', 'leaf', 'sky'],
      },
    }),
  ];
}

/** Takes red for foreground, with its weights in a file of their own and a manifest beside that says no more than it has to. */
async function createSplit(): Promise<GeneratedFile[]> {
  const location = 'split.onnx.data';
  let weights: Uint8Array = new Uint8Array();
  const onnx = createRedModel({
    input: { name: 'picture', dims: [1, 3, 32, 32] },
    output: { name: 'mask', dims: [1, 1, 32, 32] },
    end: 'Sigmoid',
    change: (model) => ({
      ...model,
      constants: model.constants.map((constant) => {
        if (constant.name !== 'weights') return constant;
        weights = new Uint8Array(constant.data.buffer);
        return { ...constant, external: { location, offset: 0 } };
      }),
    }),
  });
  return [
    { url: new URL('split.onnx', folder), bytes: onnx },
    { url: new URL(location, folder), bytes: weights },
    await createManifestFile('split.json', {
      integrity: hashIntegrity(onnx),
      externalData: [{ path: location, integrity: hashIntegrity(weights) }],
      input: { range: [0, 1] },
    }),
  ];
}

/** Selects what has the colour of the prompts. */
async function createColorPicker(): Promise<GeneratedFile[]> {
  const encoder = writeOnnx(createEncoderGraph());
  const decoder = writeOnnx(createDecoderGraph());
  return [
    { url: new URL('color-picker.onnx', folder), bytes: encoder },
    { url: new URL('color-picker-decoder.onnx', folder), bytes: decoder },
    await createManifestFile('color-picker.json', {
      name: 'color-picker',
      file: 'color-picker.onnx',
      integrity: hashIntegrity(encoder),
      license: 'Apache-2.0',
      source: 'made by tools/make-toy-models.ts',
      ...colorPicker,
      decoder: { file: 'color-picker-decoder.onnx', integrity: hashIntegrity(decoder) },
    }),
  ];
}

const green = writeOnnx(createGreenGraph(64, 64));
const logit = writeOnnx(createLogitGraph(64, 64));
const logitManifest = createManifest('green-logit', 'green-logit.onnx', logit, 64, 64);
const echo = writeOnnx(createEchoGraph(colorsSize));
const wide = writeOnnx(createGreenGraph(64, 36));
const page =
  '<!doctype html>\n<html lang="en">\n  <title>Not found</title>\n  <p>Not found</p>\n</html>\n';
/** A mask of nothing but foreground, which the painted picture does not get from this model. */
const impossible = {
  width: 8,
  height: 8,
  values: Buffer.alloc(64, 255).toString('base64'),
  tolerance: 8,
};

await writeOrCheck(
  [
    { url: new URL('green.onnx', folder), bytes: green },
    await createManifestFile('green.json', createManifest('green', 'green.onnx', green, 64, 64)),
    { url: new URL('green-wide.onnx', folder), bytes: wide },
    await createManifestFile(
      'green-wide.json',
      createManifest('green-wide', 'green-wide.onnx', wide, 64, 36),
    ),
    { url: new URL('green-logit.onnx', folder), bytes: logit },
    await createManifestFile('green-logit.json', {
      ...logitManifest,
      output: { ...logitManifest.output, kind: 'logits' },
    }),
    { url: new URL('echo.onnx', folder), bytes: echo },
    await createManifestFile('echo.json', {
      ...createManifest('echo', 'echo.onnx', echo, colorsSize.width, colorsSize.height),
      recurrent: [{ in: 'before', out: 'after' }],
    }),
    ...(await createColors('colors', { layout: 'nhwc', kind: 'logits' })),
    ...(await createColors('colors-planar', { layout: 'nchw', kind: 'logits' })),
    ...(await createColors('colors-softmax', { layout: 'nhwc', kind: 'softmax' })),
    ...(await createColors('colors-softmax-planar', { layout: 'nchw', kind: 'softmax' })),
    await createManifestFile('broken-golden.json', {
      ...createManifest('broken-golden', 'green.onnx', green, 64, 64),
      golden: impossible,
    }),
    ...(await createSplit()),
    ...(await createColorPicker()),
    { url: new URL('unsupported.onnx', folder), bytes: writeOnnx(createPictureless()) },
    { url: new URL('html.onnx', folder), bytes: new TextEncoder().encode(page) },
    { url: new URL('truncated.onnx', folder), bytes: green.subarray(0, green.length >> 1) },
  ],
  'npm run toy-models',
);
