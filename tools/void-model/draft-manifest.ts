import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';

import { readTfliteMetadata } from './tflite/metadata.ts';
import { readTflite } from './tflite/model.ts';
import type { TfliteModel } from './tflite/model.ts';

/** A manifest, and what in it the model does not tell. */
export interface ManifestDraft {
  readonly manifest: {
    readonly name: string;
    readonly file: string;
    readonly integrity: string;
    readonly source: string;
    readonly input: object;
    readonly output: object;
  };
  /** Fields that are guesses, each with its value. */
  readonly guesses: readonly string[];
}

/**
 * Writes down how to feed a converted model, from what the original says of itself.
 *
 * @param source - The `.tflite` file.
 * @param sourceName - Its name, for people.
 * @param onnx - What was made of it.
 * @param file - Where that is, relative to the manifest.
 */
export function draftManifest(
  source: Uint8Array,
  sourceName: string,
  onnx: Uint8Array,
  file: string,
): ManifestDraft {
  const model = readTflite(source);
  const { normalization, labels } = readTfliteMetadata(source);
  const input = describeTensor(model, model.inputs);
  const output = describeTensor(model, model.outputs);
  const guesses: string[] = [];
  const guess = <T>(field: string, value: T): T => {
    guesses.push(`${field} ${JSON.stringify(value)}`);
    return value;
  };
  const { channels } = output;
  const classes =
    channels > 1 && labels.length === channels
      ? labels
      : guess('output.classes', nameClasses(channels));
  return {
    manifest: {
      name: basename(file, extname(file)),
      file,
      integrity: `sha256-${createHash('sha256').update(onnx).digest('base64')}`,
      source: `${basename(sourceName)}, converted by void-model`,
      input: {
        ...pickSize(input),
        type: 'float32',
        range: normalization ? toRange(normalization) : guess('input.range', [0, 1]),
        order: 'rgb',
      },
      output: { ...pickSize(output), kind: kindOf(model, channels), classes },
    },
    guesses,
  };
}

interface TensorSize {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}

/** Name and size of an input or output `[1, height, width, channels]`. */
function describeTensor(model: TfliteModel, [index = 0]: readonly number[]): TensorSize {
  const { name = '', shape = [] } = model.tensors[index] ?? {};
  const [, height = 0, width = 0, channels = 0] = shape;
  return { name, width, height, channels };
}

function pickSize({ name, width, height }: TensorSize) {
  return { name, layout: 'nhwc', width, height } as const;
}

/** What 0 and 255 become. Rounded to what float32 means by it. */
function toRange({ mean, std }: { mean: number; std: number }): readonly [number, number] {
  const round = (value: number): number => Number(value.toPrecision(6));
  return [round(-mean / std), round((255 - mean) / std)];
}

/** Names for the channels of an output that does not name them. */
export function nameClasses(channels: number): readonly string[] {
  if (channels <= 2) return ['background', 'person'];
  return ['background', ...Array.from({ length: channels - 1 }, (_, i) => `class-${i + 1}`)];
}

/** By what computes the output last. */
function kindOf(model: TfliteModel, channels: number): 'probability' | 'logits' | 'softmax' {
  const last = model.operators.find(({ outputs }) => outputs[0] === model.outputs[0])?.name;
  if (channels === 1) return last === 'LOGISTIC' ? 'probability' : 'logits';
  return last === 'SOFTMAX' ? 'softmax' : 'logits';
}
