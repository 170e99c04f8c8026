import type { ModelOptions } from '../../../src/model-options.ts';
import { readTfliteMetadata } from './metadata.ts';
import { readTflite } from './model.ts';

/** What a TensorFlow Lite model says of itself that ONNX has no place for. */
export function readTfliteFacts(source: Uint8Array): ModelOptions {
  const { normalization, labels } = readTfliteMetadata(source);
  const { tensors, outputs } = readTflite(source);
  const channels = tensors[outputs[0] ?? 0]?.shape.at(-1) ?? 0;
  return {
    input: normalization ? { range: toRange(normalization) } : {},
    output: channels > 1 && labels.length === channels ? { classes: labels } : {},
  };
}

/** What 0 and 255 become. Rounded to what float32 means by it. */
function toRange({ mean, std }: { mean: number; std: number }): readonly [number, number] {
  const round = (value: number): number => Number(value.toPrecision(6));
  return [round(-mean / std), round((255 - mean) / std)];
}
