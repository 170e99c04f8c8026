/**
 * Reads a `.tflite` file. Slots are those of tensorflow/lite/schema/schema.fbs (version 3); the constants
 * below name them.
 */
import { ToolError } from '../tool-error.ts';
import { FlatTable } from './flatbuffer.ts';
import { builtinOperatorName } from './operator-names.ts';

const modelSlots = { operatorCodes: 1, subgraphs: 2, buffers: 4 };
const operatorCodeSlots = { deprecatedBuiltinCode: 0, customCode: 1, builtinCode: 3 };
const bufferSlots = { data: 0 };
const subgraphSlots = { tensors: 0, inputs: 1, outputs: 2, operators: 3, name: 4 };
const tensorSlots = { shape: 0, type: 1, buffer: 2, name: 3 };
const operatorSlots = {
  opcodeIndex: 0,
  inputs: 1,
  outputs: 2,
  builtinOptions: 4,
  customOptions: 5,
};

const customOperator = 'CUSTOM';

/** Element types by code; a hole is a type that has no use here. */
const elementTypes = ['float32', 'float16', 'int32', 'uint8', 'int64', 'string', 'bool'] as const;
export type TfliteElementType = (typeof elementTypes)[number] | 'other';

export interface TfliteTensor {
  /** Unique within the model; the reader numbers duplicates. */
  readonly name: string;
  /** For pictures: batch, height, width, channels. */
  readonly shape: readonly number[];
  readonly type: TfliteElementType;
  /** Contents of a constant, row-major, little-endian; empty for what is computed. */
  readonly data: Uint8Array;
}

export interface TfliteOperator {
  /** As the schema spells it (`CONV_2D`), or the author's name of a custom operator. */
  readonly name: string;
  /** Index of each input in {@link TfliteModel.tensors}; -1 for an optional one that is left out. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
  /** Options of a builtin operator; null where it has none. */
  readonly options: FlatTable | null;
  /** Options of a custom operator, in a format of its author's. */
  readonly customOptions: Uint8Array;
}

export interface TfliteModel {
  readonly name: string;
  readonly tensors: readonly TfliteTensor[];
  /** In the order in which they run. */
  readonly operators: readonly TfliteOperator[];
  /** Indices into {@link tensors}. */
  readonly inputs: readonly number[];
  readonly outputs: readonly number[];
}

/**
 * Reads a model with one subgraph.
 *
 * @param bytes - A `.tflite` file. The result refers into it.
 * @throws ToolError `not-tflite` for any other or a damaged file, `unsupported-model` for several subgraphs.
 */
export function readTflite(bytes: Uint8Array): TfliteModel {
  const identifier = String.fromCharCode(...bytes.subarray(4, 8));
  if (identifier !== 'TFL3') {
    throw new ToolError(
      'not-tflite',
      'The input is not a TensorFlow Lite model: bytes 4 to 7 should read "TFL3". ' +
        'Check that the download is the .tflite file itself and not a page about it.',
    );
  }
  try {
    return readModel(FlatTable.root(bytes));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ToolError(
      'not-tflite',
      'The TensorFlow Lite model is damaged or cut short: it refers to data outside the file. ' +
        'Download it again.',
      { cause },
    );
  }
}

function readModel(model: FlatTable): TfliteModel {
  const [subgraph, ...others] = model.tables(modelSlots.subgraphs);
  if (!subgraph || others.length > 0) {
    throw new ToolError(
      'unsupported-model',
      `The model has ${others.length + (subgraph ? 1 : 0)} subgraphs; only models with exactly one convert.`,
    );
  }
  const buffers = model.tables(modelSlots.buffers).map((buffer) => buffer.bytes(bufferSlots.data));
  const operatorNames = model.tables(modelSlots.operatorCodes).map(readOperatorName);
  return {
    name: subgraph.text(subgraphSlots.name) || 'model',
    tensors: uniquelyNamed(
      subgraph.tables(subgraphSlots.tensors).map((tensor) => readTensor(tensor, buffers)),
    ),
    operators: subgraph
      .tables(subgraphSlots.operators)
      .map((operator) => readOperator(operator, operatorNames)),
    inputs: subgraph.int32s(subgraphSlots.inputs),
    outputs: subgraph.int32s(subgraphSlots.outputs),
  };
}

/** Older files have the code in one byte, newer ones in 32 bits as well; the larger of the two is right. */
function readOperatorName(code: FlatTable): string {
  const name = builtinOperatorName(
    Math.max(
      code.uint8(operatorCodeSlots.deprecatedBuiltinCode),
      code.int32(operatorCodeSlots.builtinCode),
    ),
  );
  return name === customOperator ? code.text(operatorCodeSlots.customCode) : name;
}

function readTensor(tensor: FlatTable, buffers: readonly Uint8Array[]): TfliteTensor {
  return {
    name: tensor.text(tensorSlots.name),
    shape: tensor.int32s(tensorSlots.shape),
    type: elementTypes[tensor.uint8(tensorSlots.type)] ?? 'other',
    data: element(buffers, tensor.uint32(tensorSlots.buffer)),
  };
}

function readOperator(operator: FlatTable, names: readonly string[]): TfliteOperator {
  return {
    name: element(names, operator.uint32(operatorSlots.opcodeIndex)),
    inputs: operator.int32s(operatorSlots.inputs),
    outputs: operator.int32s(operatorSlots.outputs),
    options: operator.table(operatorSlots.builtinOptions),
    customOptions: operator.bytes(operatorSlots.customOptions),
  };
}

/** `list[index]`; a RangeError, as FlatTable throws, where there is none. */
function element<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new RangeError(`There is no element ${index} of ${list.length}`);
  return found;
}

function uniquelyNamed(tensors: readonly TfliteTensor[]): TfliteTensor[] {
  const seen = new Set<string>();
  return tensors.map((tensor, index) => {
    const name =
      tensor.name === '' || seen.has(tensor.name) ? `${tensor.name}#${index}` : tensor.name;
    seen.add(name);
    return { ...tensor, name };
  });
}
