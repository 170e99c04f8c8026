/**
 * Writes small `.onnx` files, in a page or in Node: real models whose right answer is known by construction. The numbers are those of the
 * fields in onnx.proto (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 */
import type { Dim } from '../../src/inference/onnx-header.ts';

export type OnnxType = keyof typeof typeCodes;

const typeCodes = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  float64: 11,
} as const;

export interface OnnxValue {
  readonly name: string;
  /** Default: float32. */
  readonly type?: OnnxType;
  readonly dims: readonly Dim[];
}

/** Integers, or a graph in the graph. */
export type OnnxAttributes = Readonly<Record<string, number | readonly number[] | OnnxGraph>>;

export interface OnnxNode {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: OnnxAttributes;
}

export interface OnnxConstant {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array;
  /** The file that has the data, and where in it, in bytes. */
  readonly external?: { readonly location: string; readonly offset: number };
}

export interface OnnxGraph {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly nodes: readonly OnnxNode[];
  readonly constants: readonly OnnxConstant[];
}

export interface OnnxModel extends OnnxGraph {
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Code of a type, as an attribute of Cast. */
export function codeOf(type: OnnxType): number {
  return typeCodes[type];
}

/** Constants that no node takes are left out. */
export function writeOnnx(model: OnnxModel): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    [
      varint(1, 8),
      bytes(7, writeGraph(model)),
      bytes(8, [...text(1, ''), ...varint(2, 17)]),
      ...Object.entries(model.metadata ?? {}).map(([key, value]) =>
        bytes(14, writeEntry(key, value)),
      ),
    ].flat(),
  );
}

function writeGraph(graph: OnnxGraph): number[] {
  const taken = new Set(graph.nodes.flatMap(({ inputs }) => inputs));
  const constants = graph.constants.filter(({ name }) => taken.has(name));
  return [
    ...graph.nodes.map((node) => bytes(1, writeNode(node))),
    text(2, 'toy'),
    ...constants.map((constant) => bytes(5, writeConstant(constant))),
    ...graph.inputs.map((value) => bytes(11, writeValue(value))),
    ...graph.outputs.map((value) => bytes(12, writeValue(value))),
  ].flat();
}

function writeNode({ operator, inputs, outputs, attributes = {} }: OnnxNode): number[] {
  return [
    ...inputs.flatMap((name) => text(1, name)),
    ...outputs.flatMap((name) => text(2, name)),
    ...text(4, operator),
    ...Object.entries(attributes).flatMap(([name, value]) => bytes(5, writeAttribute(name, value))),
  ];
}

function writeAttribute(name: string, value: OnnxAttributes[string]): number[] {
  const [int, graph, ints] = [2, 5, 7];
  if (typeof value === 'number') return [...text(1, name), ...varint(3, value), ...varint(20, int)];
  const values =
    'nodes' in value
      ? [...bytes(6, writeGraph(value)), ...varint(20, graph)]
      : [...value.flatMap((item) => varint(8, item)), ...varint(20, ints)];
  return [...text(1, name), ...values];
}

function writeConstant({ name, dims, data, external }: OnnxConstant): number[] {
  const type = data instanceof Float32Array ? typeCodes.float32 : typeCodes.int64;
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const place = external
    ? [
        ...bytes(13, writeEntry('location', external.location)),
        ...bytes(13, writeEntry('offset', String(external.offset))),
        ...bytes(13, writeEntry('length', String(data.byteLength))),
        ...varint(14, 1),
      ]
    : bytes(9, [...raw]);
  return [
    ...dims.flatMap((size) => varint(1, size)),
    ...varint(2, type),
    ...text(8, name),
    ...place,
  ];
}

function writeValue({ name, type = 'float32', dims }: OnnxValue): number[] {
  const shape = dims.flatMap((size) => {
    if (size === null) return bytes(1, []);
    return bytes(1, typeof size === 'number' ? varint(1, size) : text(2, size));
  });
  const tensor = [...varint(1, typeCodes[type]), ...bytes(2, shape)];
  return [...text(1, name), ...bytes(2, bytes(1, tensor))];
}

function writeEntry(key: string, value: string): number[] {
  return [...text(1, key), ...text(2, value)];
}

function text(field: number, value: string): number[] {
  return bytes(field, [...new TextEncoder().encode(value)]);
}

function bytes(field: number, value: readonly number[]): number[] {
  return [...encode(8 * field + 2), ...encode(value.length), ...value];
}

function varint(field: number, value: number): number[] {
  return [...encode(8 * field), ...encode(value)];
}

function encode(value: number): number[] {
  const digits: number[] = [];
  let rest = value;
  do {
    digits.push((rest % 128) + (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return digits;
}
