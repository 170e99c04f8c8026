import type { MaskPixels, MaskReading, ModelOutput } from '../stage.ts';
import { resizeMask } from './resize-mask.ts';

/**
 * Reads a mask in main memory.
 *
 * @param mask - `[output.height, output.width] float32`, 0..1, row-major. Not kept.
 * @returns Data of their own.
 */
export function sampleMask(
  mask: Float32Array,
  output: ModelOutput,
  { width, height, values, threshold }: MaskReading,
): MaskPixels {
  const resized = new Float32Array(width * height);
  resizeMask(mask, output.width, output.height, resized, width, height);
  switch (values) {
    case 'floats':
      return resized;
    case 'levels':
      return toLevels(resized);
    case 'classes':
      return toClasses(resized, threshold);
    default:
      return values satisfies never;
  }
}

/** 0..1 becomes 0..255. */
function toLevels(values: Float32Array): Uint8Array<ArrayBuffer> {
  // A clamped array rounds and clamps by itself.
  const levels = new Uint8ClampedArray(values.length);
  for (let i = 0; i < values.length; i++) levels[i] = (values[i] as number) * 255;
  return new Uint8Array(levels.buffer);
}

/** 1, the class after the background, from `threshold` on. */
function toClasses(values: Float32Array, threshold: number): Uint8Array<ArrayBuffer> {
  const classes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) classes[i] = Number((values[i] as number) >= threshold);
  return classes;
}
