import { ToolError } from '../tool-error.ts';
import { damage } from './damage.ts';
import { countElements, storageOf, typeOfCode } from './element-type.ts';
import type { OnnxType } from './element-type.ts';
import type { OnnxData, OnnxTensor } from './graph.ts';
import { onnx } from './proto.ts';
import type { Proto } from './proto.ts';
import { toSafeInteger } from './safe-integer.ts';

/** Gives the contents of a file beside the model. Throws a ToolError if there is none. */
export type ReadExternal = (location: string) => Uint8Array;

/**
 * Reads a constant, whichever of the schema's many fields holds it. Its contents may be a view on the file.
 *
 * @throws ToolError `not-onnx` if contents and dimensions do not fit together.
 */
export function decodeTensor(proto: Proto.ITensorProto, readExternal: ReadExternal): OnnxTensor {
  const name = proto.name ?? '';
  const dims = (proto.dims ?? []).map(toSafeInteger);
  if (dims.some((size) => size < 0)) {
    throw damage(`constant "${name}" has the dimensions [${dims.join(', ')}]`);
  }
  const type = typeOfCode(proto.dataType ?? 0);
  if (type === null || type === 'undefined') {
    throw new ToolError(
      'unsupported-model',
      `Constant "${name}" has elements of the unknown type ${proto.dataType ?? 0}. Export the model with an ` +
        'older version of ONNX.',
    );
  }
  const data = readData(proto, type, readExternal);
  const doc = proto.docString ?? '';
  const tensor: OnnxTensor = { name, dims, type, data, ...(doc && { doc }) };
  requireSize(tensor, type);
  return tensor;
}

function readData(proto: Proto.ITensorProto, type: OnnxType, readExternal: ReadExternal): OnnxData {
  const storage = storageOf(type);
  if (!storage) return (proto.stringData ?? []).map((text) => new Uint8Array(text));
  if (proto.dataLocation === onnx.TensorProto.DataLocation.EXTERNAL) {
    return view(storage.array, readSlice(proto, readExternal));
  }
  // An empty constant may have either.
  if (proto.rawData?.length) return view(storage.array, proto.rawData);
  return readFields(proto, type) ?? new storage.array(new ArrayBuffer(0));
}

/** The contents where they are stored as numbers, by the rules in onnx.proto. */
function readFields(proto: Proto.ITensorProto, type: OnnxType): OnnxData | null {
  const { floatData, doubleData, int32Data, int64Data, uint64Data } = proto;
  switch (type) {
    case 'float32':
    case 'complex64':
      return Float32Array.from(floatData ?? []);
    case 'float64':
    case 'complex128':
      return Float64Array.from(doubleData ?? []);
    case 'int64':
      return BigInt64Array.from((int64Data ?? []).map(toBigInt));
    case 'uint64':
      return BigUint64Array.from((uint64Data ?? []).map(toBigInt));
    case 'uint32':
      return Uint32Array.from((uint64Data ?? []).map(Number));
    case 'int8':
      return Int8Array.from(int32Data ?? []);
    case 'int16':
      return Int16Array.from(int32Data ?? []);
    case 'int32':
      return Int32Array.from(int32Data ?? []);
    case 'uint16':
    case 'float16':
    case 'bfloat16':
      return Uint16Array.from(int32Data ?? []);
    case 'string':
    case 'undefined':
      return null;
    default:
      return Uint8Array.from(int32Data ?? []);
  }
}

function toBigInt(value: unknown): bigint {
  return BigInt(String(value));
}

/** The part of a file beside the model that holds the constant. */
function readSlice(proto: Proto.ITensorProto, readExternal: ReadExternal): Uint8Array {
  const entries = new Map(
    (proto.externalData ?? []).map(({ key, value }) => [key ?? '', value ?? '']),
  );
  const location = entries.get('location') ?? '';
  const file = readExternal(location);
  const start = Number(entries.get('offset') ?? 0);
  const length = Number(entries.get('length') ?? file.byteLength - start);
  if (!(start >= 0 && length >= 0 && start + length <= file.byteLength)) {
    throw damage(
      `constant "${proto.name ?? ''}" should be ${length} bytes at ${start} of "${location}", which has ` +
        `${file.byteLength} bytes`,
    );
  }
  return file.subarray(start, start + length);
}

/** The bytes as numbers: where they are if their address allows it, else copied. Odd bytes at the end are left out. */
function view(
  array: NonNullable<ReturnType<typeof storageOf>>['array'],
  bytes: Uint8Array,
): OnnxData {
  const { BYTES_PER_ELEMENT: size } = array;
  const length = Math.floor(bytes.byteLength / size);
  return bytes.byteOffset % size === 0
    ? new array(bytes.buffer as ArrayBuffer, bytes.byteOffset, length)
    : new array(new Uint8Array(bytes).buffer, 0, length);
}

function requireSize({ name, dims, data }: OnnxTensor, type: OnnxType): void {
  const storage = storageOf(type);
  const elements = countElements(dims);
  const wanted = storage
    ? Math.ceil((elements * storage.bits) / 8 / storage.array.BYTES_PER_ELEMENT)
    : elements;
  if (data.length === wanted) return;
  throw damage(
    `constant "${name}" of ${type} [${dims.join(', ')}] should have ${wanted} numbers, but has ${data.length}`,
  );
}
