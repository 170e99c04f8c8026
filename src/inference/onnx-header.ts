/**
 * What an `.onnx` file says of itself, read before ONNX Runtime has it: its inputs and outputs with the sizes that are still open,
 * which operators it has, its metadata, and which files it wants beside it. The numbers are those of the fields in onnx.proto
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto). Weights are stepped over.
 */
import { SegmenterError } from '../errors.ts';
import { readText, readWire } from '../util/wire-reader.ts';

/** Type of a tensor's numbers; `other`: none that a picture or a mask comes in. */
export type ElementType =
  | 'float32'
  | 'float16'
  | 'float64'
  | 'uint8'
  | 'int8'
  | 'int32'
  | 'int64'
  | 'uint32'
  | 'bool'
  | 'other';

/** Size along an axis: a number, the name of an open one, or null for an open one without a name. */
export type Dim = number | string | null;

export interface TensorInfo {
  readonly name: string;
  readonly type: ElementType;
  /** null: not even the number of axes is known. */
  readonly dims: readonly Dim[] | null;
}

export interface OnnxHeader {
  /** Without those that the file has a value for. */
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  readonly operators: ReadonlySet<string>;
  /** By the name of what it gives: the operator, and what that takes first. */
  readonly producers: ReadonlyMap<string, Producer>;
  readonly metadata: ReadonlyMap<string, string>;
  /** Names of the files that hold weights, as the model writes them. */
  readonly externalFiles: ReadonlySet<string>;
  /** Whether it computes with 16-bit floats, instead of only storing weights in them. */
  readonly computesInFloat16: boolean;
}

export interface Producer {
  readonly operator: string;
  readonly input: string;
}

const elementTypes: Readonly<Record<number, ElementType>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
};
const float16 = 10;
/** The longest piece of metadata that is read, in bytes: a manifest with 256 classes has less. */
const maxMetadataBytes = 65_536;

/**
 * @param bytes - The file. It is not kept.
 * @throws SegmenterError `model-invalid` if it is damaged.
 */
export function readOnnxHeader(bytes: Uint8Array, url: string): OnnxHeader {
  try {
    return readModel(bytes);
  } catch (error) {
    throw new SegmenterError(
      'model-invalid',
      `${url} is damaged or not a valid ONNX model. Download or export it again. (${String(error)})`,
      { cause: error },
    );
  }
}

function readModel(bytes: Uint8Array): OnnxHeader {
  const metadata = new Map<string, string>();
  let graph: Omit<OnnxHeader, 'metadata'> | undefined;
  for (const { number, bytes: field } of readWire(bytes)) {
    if (number === 7) graph = readGraph(field);
    if (number === 14) metadata.set(...readEntry(field));
  }
  if (!graph) throw new Error('It has no graph.');
  return { ...graph, metadata };
}

function readGraph(bytes: Uint8Array): Omit<OnnxHeader, 'metadata'> {
  const inputs: TensorInfo[] = [];
  const outputs: TensorInfo[] = [];
  const operators = new Set<string>();
  const producers = new Map<string, Producer>();
  const constants = new Set<string>();
  const externalFiles = new Set<string>();
  let castsToFloat16 = false;
  for (const { number, bytes: field } of readWire(bytes)) {
    if (number === 1) {
      const node = readNode(field);
      operators.add(node.operator);
      castsToFloat16 ||= node.castsToFloat16;
      for (const output of node.outputs) producers.set(output, node);
    } else if (number === 5) {
      const { name, file } = readTensor(field);
      constants.add(name);
      if (file) externalFiles.add(file);
    } else if (number === 11) inputs.push(readValue(field));
    else if (number === 12) outputs.push(readValue(field));
  }
  // Files before version 4 of the format list their constants as inputs, too.
  const open = inputs.filter(({ name }) => !constants.has(name));
  return {
    inputs: open,
    outputs,
    operators,
    producers,
    externalFiles,
    computesInFloat16: castsToFloat16 || open.some(({ type }) => type === 'float16'),
  };
}

function readNode(
  bytes: Uint8Array,
): Producer & { outputs: readonly string[]; castsToFloat16: boolean } {
  const outputs: string[] = [];
  let input: string | undefined;
  let operator = '';
  let hasTarget = false;
  for (const { number, bytes: field } of readWire(bytes)) {
    if (number === 1) input ??= readText(field);
    if (number === 2) outputs.push(readText(field));
    if (number === 4) operator = readText(field);
    if (number === 5) hasTarget ||= isFloat16Target(field);
  }
  return {
    operator,
    input: input ?? '',
    outputs,
    castsToFloat16: operator === 'Cast' && hasTarget,
  };
}

/** Whether an attribute is `to`, with the type as its value. */
function isFloat16Target(bytes: Uint8Array): boolean {
  let name = '';
  let target = 0;
  for (const { number, value, bytes: field } of readWire(bytes)) {
    if (number === 1) name = readText(field);
    if (number === 3) target = value;
  }
  return name === 'to' && target === float16;
}

/** A constant's name, and the file that it is in; empty: this one. */
function readTensor(bytes: Uint8Array): { name: string; file: string } {
  let name = '';
  let file = '';
  let isExternal = false;
  for (const { number, value, bytes: field } of readWire(bytes)) {
    if (number === 8) name = readText(field);
    if (number === 13) {
      const [key, text] = readEntry(field);
      if (key === 'location') file = text;
    }
    if (number === 14) isExternal = value === 1;
  }
  return { name, file: isExternal ? file : '' };
}

function readValue(bytes: Uint8Array): TensorInfo {
  let name = '';
  let tensor: Omit<TensorInfo, 'name'> = { type: 'other', dims: null };
  for (const { number, bytes: field } of readWire(bytes)) {
    if (number === 1) name = readText(field);
    if (number === 2) {
      for (const type of readWire(field)) {
        if (type.number === 1) tensor = readTensorType(type.bytes);
      }
    }
  }
  return { name, ...tensor };
}

function readTensorType(bytes: Uint8Array): Omit<TensorInfo, 'name'> {
  let type: ElementType = 'other';
  let dims: Dim[] | null = null;
  for (const { number, value, bytes: field } of readWire(bytes)) {
    if (number === 1) type = elementTypes[value] ?? 'other';
    if (number === 2) {
      dims = [];
      for (const dim of readWire(field)) if (dim.number === 1) dims.push(readDim(dim.bytes));
    }
  }
  return { type, dims };
}

function readDim(bytes: Uint8Array): Dim {
  let dim: Dim = null;
  for (const { number, value, bytes: field } of readWire(bytes)) {
    // Paddle writes open sizes as -1, which is 2^64 - 1 on the wire.
    if (number === 1) dim = value < 2 ** 53 ? value : null;
    if (number === 2) dim = readText(field);
  }
  return dim;
}

function readEntry(bytes: Uint8Array): [key: string, value: string] {
  let key = '';
  let value = '';
  for (const { number, bytes: field } of readWire(bytes)) {
    if (number === 1) key = readText(field);
    if (number === 2) value = readText(field, maxMetadataBytes);
  }
  return [key, value];
}
