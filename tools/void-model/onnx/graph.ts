/**
 * An ONNX graph in memory: plain data that the conversion builds, the passes rewrite and the writer stores.
 * A pass returns a new graph and changes nothing in the old one.
 */

/** Attribute of a node. ONNX tells integers from floats, JavaScript does not, so the kind is said. */
export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] };

export interface OnnxNode {
  /** Unique within the graph. */
  readonly name: string;
  readonly opType: string;
  /** Names of tensors or of other nodes' outputs; an empty name leaves an optional input out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, OnnxAttribute>>;
}

/** Contents of a constant, row-major. A Uint16Array holds the bits of 16-bit floats. */
export type OnnxData = Float32Array | Uint16Array | BigInt64Array;

/** A constant (an "initializer"). */
export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: OnnxData;
}

/** An input or output of the graph: float32 of fixed size. */
export interface OnnxValue {
  readonly name: string;
  readonly dims: readonly number[];
}

export interface OnnxGraph {
  readonly name: string;
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly tensors: readonly OnnxTensor[];
  /** Each node after the ones whose outputs it takes. */
  readonly nodes: readonly OnnxNode[];
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
