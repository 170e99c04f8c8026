import { SegmenterError } from '../../src/errors.ts';
import { locateExternalData } from '../../src/inference/external-data.ts';
import { FieldError } from '../../src/inference/fields.ts';
import { planInput } from '../../src/inference/input-plan.ts';
import { parseManifest } from '../../src/inference/manifest.ts';
import { parseFacts } from '../../src/inference/model-facts.ts';
import { planModel } from '../../src/inference/model-plan.ts';
import { readOnnxHeader } from '../../src/inference/onnx-header.ts';
import type { ModelOptions } from '../../src/model-options.ts';
import { readOnnx } from '../../tools/void-model/onnx/reader.ts';
import { readTflite } from '../../tools/void-model/tflite/model.ts';
import { ToolError } from '../../tools/void-model/tool-error.ts';
import { createAbsurdModel } from './absurd-models.ts';
import { damageBytes } from './damage-bytes.ts';
import { damageFields, damageText } from './damage-json.ts';
import type { Random } from './random.ts';

/** Whole files, to be damaged. */
export interface Samples {
  readonly onnx: readonly Uint8Array[];
  readonly tflite: readonly Uint8Array[];
  /** Texts of manifests. */
  readonly manifests: readonly string[];
}

/** One broken input. */
export interface ParserCase {
  /** Who reads it, and what is wrong with it. */
  readonly kind: string;
  /** Reads it. Throws one of the expected errors, or nothing. */
  readonly read: () => unknown;
  readonly expected: readonly (abstract new (...args: never[]) => Error)[];
}

type MakeCase = (samples: Samples, random: Random) => ParserCase;

const url = 'https://example.org/models/model.onnx';

const readers: readonly MakeCase[] = [
  (samples, random) => {
    const { kind, bytes } = createOnnx(samples, random);
    return {
      kind: `header, ${kind}`,
      read: () => readOnnxHeader(bytes, url),
      expected: [SegmenterError],
    };
  },
  (samples, random) => {
    const { kind, bytes } = createOnnx(samples, random);
    const manifest = { input: {}, output: {}, externalData: [{ path: 'w0', file: 'http://[' }] };
    return {
      kind: `external data, ${kind}`,
      read: () => locateExternalData(bytes, url, random.pick([null, manifest]), url),
      expected: [SegmenterError],
    };
  },
  (samples, random) => {
    const { kind, bytes } = createOnnx(samples, random);
    const options = damageFields(parseJson(random.pick(samples.manifests)), random, false);
    return {
      kind: `plan, ${kind}`,
      read: () => planAll(bytes, random.pick([options, {}]) as ModelOptions, random),
      expected: [SegmenterError],
    };
  },
  (samples, random) => {
    const text = damageText(random.pick(samples.manifests), random);
    return {
      kind: 'manifest, damaged text',
      read: () => parseManifest(JSON.parse(text)),
      expected: [FieldError, SyntaxError],
    };
  },
  (samples, random) => {
    const json = damageFields(parseJson(random.pick(samples.manifests)), random, true);
    return {
      kind: 'manifest, wrong fields',
      read: () => parseManifest(json),
      expected: [FieldError],
    };
  },
  (samples, random) => {
    const options = damageFields(parseJson(random.pick(samples.manifests)), random, false);
    return {
      kind: 'modelOptions, wrong fields',
      read: () => parseFacts(options, 'modelOptions'),
      expected: [FieldError],
    };
  },
  (samples, random) => {
    const { kind, bytes } = createOnnx(samples, random);
    return {
      kind: `void-model, ONNX, ${kind}`,
      read: () => readOnnx(bytes),
      expected: [ToolError],
    };
  },
  (samples, random) => {
    const { kind, bytes } = damageBytes(random.pick(samples.tflite), random);
    return {
      kind: `void-model, TensorFlow Lite, ${kind}`,
      read: () => readTflite(bytes),
      expected: [ToolError],
    };
  },
];

/** The same for the same random numbers. */
export function createParserCase(samples: Samples, random: Random): ParserCase {
  return random.pick(readers)(samples, random);
}

function createOnnx(
  { onnx }: Samples,
  random: Random,
): { kind: string; bytes: Uint8Array<ArrayBuffer> } {
  return random.below(2) ? damageBytes(random.pick(onnx), random) : createAbsurdModel(random);
}

function parseJson(text: string): unknown {
  return JSON.parse(text);
}

/** As the engine does, but with outputs that a session made up. */
function planAll(bytes: Uint8Array<ArrayBuffer>, options: ModelOptions, random: Random): unknown {
  const file = { manifest: null, options, bytes, url, externalData: [] };
  const input = planInput(file, random.pick(['wasm', 'webgpu']));
  const outputs = input.header.outputs.map((output) => ({
    ...output,
    dims: (output.dims ?? []).map((size) =>
      typeof size === 'number' ? size : random.pick([0, 1, 64, 2 ** 31, 2 ** 53]),
    ),
  }));
  return planModel(input, outputs);
}
