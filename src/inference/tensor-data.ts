import { SegmenterError } from '../errors.ts';
import { decodeFloat16, encodeFloat16 } from '../util/float16.ts';
import type { ElementType } from './onnx-header.ts';

/** What ONNX Runtime takes for a tensor that goes in: bits of floats for `float16`. */
export type InputData = Float32Array | Uint16Array | Uint8Array;

/** @param type - One of those that a picture may have. */
export function createInputData(type: ElementType, length: number): InputData {
  if (type === 'float16') return new Uint16Array(length);
  return type === 'uint8' ? new Uint8Array(length) : new Float32Array(length);
}

/** Writes numbers as what a tensor holds; bytes are rounded and clamped. */
export function storeFloats(source: Float32Array, target: InputData): void {
  if (target instanceof Uint16Array) {
    for (let i = 0; i < source.length; i++) target[i] = encodeFloat16(source[i] as number);
  } else if (target instanceof Uint8Array) {
    new Uint8ClampedArray(target.buffer, target.byteOffset, target.length).set(source);
  } else {
    target.set(source);
  }
}

/** A tensor's numbers, of any type that ONNX Runtime gives. */
export type OutputData = ArrayLike<number> | ArrayLike<bigint>;

/**
 * The numbers of a tensor as floats.
 *
 * @param scale - Factor by which they come.
 * @param scratch - As long as the tensor. Filled, unless the tensor has floats already.
 * @returns `scratch`, or the tensor's own.
 */
export function loadFloats(
  data: OutputData,
  type: ElementType,
  scale: number,
  scratch: Float32Array,
): Float32Array {
  if (data instanceof Float32Array) return data;
  // Where there is a Float16Array, ONNX Runtime gives one, which decodes itself.
  const isBits = type === 'float16' && data instanceof Uint16Array;
  for (let i = 0; i < scratch.length; i++) {
    const value = Number(data[i]);
    scratch[i] = (isBits ? decodeFloat16(value) : value) * scale;
  }
  return scratch;
}

/** Bytes of a probability are levels of 255. */
export function scaleOf(type: ElementType, kind: string): number {
  return type === 'uint8' && kind === 'probability' ? 1 / 255 : 1;
}

/** @throws SegmenterError `model-unsupported` for a type that no mask comes in. */
export function assertOutputType(url: string, name: string, type: ElementType): void {
  if (type !== 'other') return;
  throw new SegmenterError(
    'model-unsupported',
    `${url} gives "${name}" of a type that cannot be read. Export it as float32.`,
  );
}
