import type { OnnxData, OnnxTensor } from './graph.ts';

/**
 * Types of elements by their code in `TensorProto.DataType`, named as ONNX Runtime names them. Codes from 17 on
 * are younger than the schema and come from onnx.proto of ONNX 1.18.
 */
const typeNames = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'uint4',
  'int4',
  'float4e2m1',
] as const;

export type OnnxType = (typeof typeNames)[number];

type NumericData = Exclude<OnnxData, readonly Uint8Array[]>;
interface NumericArray {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset?: number, length?: number): NumericData;
}

interface Storage {
  /** Bits of an element; of a complex number both parts. */
  readonly bits: number;
  readonly array: NumericArray;
}

/** How elements lie in memory. Strings have no fixed size. */
const storages: Readonly<Record<Exclude<OnnxType, 'undefined' | 'string'>, Storage>> = {
  float32: { bits: 32, array: Float32Array },
  uint8: { bits: 8, array: Uint8Array },
  int8: { bits: 8, array: Int8Array },
  uint16: { bits: 16, array: Uint16Array },
  int16: { bits: 16, array: Int16Array },
  int32: { bits: 32, array: Int32Array },
  int64: { bits: 64, array: BigInt64Array },
  bool: { bits: 8, array: Uint8Array },
  float16: { bits: 16, array: Uint16Array },
  float64: { bits: 64, array: Float64Array },
  uint32: { bits: 32, array: Uint32Array },
  uint64: { bits: 64, array: BigUint64Array },
  complex64: { bits: 64, array: Float32Array },
  complex128: { bits: 128, array: Float64Array },
  bfloat16: { bits: 16, array: Uint16Array },
  float8e4m3fn: { bits: 8, array: Uint8Array },
  float8e4m3fnuz: { bits: 8, array: Uint8Array },
  float8e5m2: { bits: 8, array: Uint8Array },
  float8e5m2fnuz: { bits: 8, array: Uint8Array },
  uint4: { bits: 4, array: Uint8Array },
  int4: { bits: 4, array: Uint8Array },
  float4e2m1: { bits: 4, array: Uint8Array },
};

/** The type with this code, or null for one that is younger than this tool. */
export function typeOfCode(code: number): OnnxType | null {
  return typeNames[code] ?? null;
}

export function codeOfType(type: OnnxType): number {
  return typeNames.indexOf(type);
}

/** How elements of the type lie in memory; null for strings, which have no fixed size. */
export function storageOf(type: OnnxType): Storage | null {
  return type === 'string' || type === 'undefined' ? null : storages[type];
}

/** Element type of a constant. */
export function elementType({ type, data }: Pick<OnnxTensor, 'type' | 'data'>): OnnxType {
  if (type !== undefined) return type;
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Uint16Array) return 'float16';
  if (data instanceof BigInt64Array) return 'int64';
  throw new TypeError('A constant of this kind has to say its type.');
}

/** Bytes that the contents take in a file. */
export function byteLengthOf({ data }: Pick<OnnxTensor, 'data'>): number {
  if ('byteLength' in data) return data.byteLength;
  return data.reduce((sum, text) => sum + text.byteLength, 0);
}

/** How many elements a tensor of these dimensions has. */
export function countElements(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}
