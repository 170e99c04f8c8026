/**
 * An ONNX graph in memory: plain data that the reader or the conversion builds, the passes rewrite and the
 * writer stores. A pass returns a new graph and changes nothing in the old one.
 */
import type { OnnxType } from './element-type.ts';
import type { Proto } from './proto.ts';

/** Attribute of a node. ONNX tells integers from floats, JavaScript does not, so the kind is said. */
export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  | { readonly kind: 'graph'; readonly value: OnnxGraph }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'floats'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  /** What no operator for pictures has, such as sparse tensors: kept as it was. */
  | { readonly kind: 'other'; readonly value: Proto.IAttributeProto };

export interface OnnxNode {
  /** For people; files may leave it empty or use it twice. */
  readonly name: string;
  readonly opType: string;
  /** Left out or empty: ONNX's own operators. */
  readonly domain?: string;
  /** Names of tensors or of other nodes' outputs; an empty name leaves an optional input out. */
  readonly inputs: readonly string[];
  /** An empty name leaves an optional output out. */
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
  readonly doc?: string;
}

/**
 * Contents of a constant, row-major. Without a type beside it a Uint16Array holds the bits of 16-bit floats.
 * Types of four bits have two elements a byte, the first in the low half. Strings are UTF-8.
 */
export type OnnxData =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | readonly Uint8Array[];

/** A constant (an "initializer"). */
export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: OnnxData;
  /** May be left out of float32, float16 and int64, which their arrays tell. See {@link elementType}. */
  readonly type?: OnnxType;
  readonly doc?: string;
}

/** Size along an axis: a number, a name for a size that is known when the model runs, or null for an unnamed one. */
export type OnnxDim = number | string | null;

/** What is known of a value: an input or output of the graph, or one between nodes. */
export interface OnnxValue {
  readonly name: string;
  /** Null: not even the number of axes is known. */
  readonly dims: readonly OnnxDim[] | null;
  /** Left out: float32. */
  readonly type?: OnnxType;
  /** A type that is no tensor, such as a sequence: kept as it was. `dims` is null then. */
  readonly otherType?: Proto.ITypeProto;
  readonly doc?: string;
}

export interface OnnxGraph {
  readonly name: string;
  /** Files before IR version 4 list the constants here too. */
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly tensors: readonly OnnxTensor[];
  /** Each node after the ones whose outputs it takes. */
  readonly nodes: readonly OnnxNode[];
  /** What the file says of values between nodes. */
  readonly values?: readonly OnnxValue[];
  readonly doc?: string;
  /** Sparse constants: kept as they were. */
  readonly sparseTensors?: readonly Proto.ISparseTensorProto[];
  /** Which constants scale which quantized value: kept as they were. */
  readonly annotations?: readonly Proto.ITensorAnnotation[];
}

export function int(value: number): OnnxAttribute {
  return { kind: 'int', value };
}

export function float(value: number): OnnxAttribute {
  return { kind: 'float', value };
}

export function string(value: string): OnnxAttribute {
  return { kind: 'string', value };
}

export function ints(...value: readonly number[]): OnnxAttribute {
  return { kind: 'ints', value };
}
