import { ToolError } from '../tool-error.ts';
import { damage } from './damage.ts';
import { typeOfCode } from './element-type.ts';
import { adviseOnForeignFile } from './foreign-file.ts';
import type { OnnxAttribute, OnnxDim, OnnxGraph, OnnxNode, OnnxValue } from './graph.ts';
import type { OnnxModel } from './model.ts';
import { orderNodes } from './order-nodes.ts';
import { onnx } from './proto.ts';
import type { Proto } from './proto.ts';
import { toSafeInteger } from './safe-integer.ts';
import { namesGivenTo } from './scope.ts';
import { decodeTensor } from './tensor-decoder.ts';
import type { ReadExternal } from './tensor-decoder.ts';
import { copyUnreadFields } from './unread-fields.ts';

/**
 * Reads an `.onnx` file. Written again by {@link writeModel} it is the same model, constants of files beside it
 * now inside; what is lost is what ONNX added for people after 1.10: metadata of single nodes and values.
 *
 * @param bytes - The file. Constants may be views on it.
 * @param readExternal - Gives files beside the model. Left out: models that need one are refused.
 * @throws ToolError `not-onnx` for other and damaged files, `file` for a missing file beside it,
 *   `unsupported-model` for what this tool cannot keep.
 */
export function readOnnx(
  bytes: Uint8Array,
  readExternal: ReadExternal = refuseExternal,
): OnnxModel {
  const proto = decodeModel(bytes);
  if (!proto.graph) throw notOnnx(bytes);
  return {
    irVersion: toSafeInteger(proto.irVersion),
    opsets: proto.opsetImport.map(({ domain, version }) => ({
      domain: domain ?? '',
      version: toSafeInteger(version ?? 0),
    })),
    producer: { name: proto.producerName, version: proto.producerVersion },
    domain: proto.domain,
    version: toSafeInteger(proto.modelVersion),
    doc: proto.docString,
    metadata: Object.fromEntries(
      proto.metadataProps.map(({ key, value }) => [key ?? '', value ?? '']),
    ),
    graph: decodeGraph(proto.graph, readExternal),
    rest: copyUnreadFields(bytes),
  };
}

function decodeModel(bytes: Uint8Array): Proto.ModelProto {
  let proto: Proto.ModelProto;
  try {
    // Not a Buffer: protobuf would use its deprecated constructor.
    const { buffer, byteOffset, byteLength } = bytes;
    proto = onnx.ModelProto.decode(new Uint8Array(buffer, byteOffset, byteLength));
  } catch (cause) {
    // The version of the format is the first field: 8, then a small number.
    if (bytes[0] !== 8 || bytes.length < 16) throw notOnnx(bytes, cause);
    throw damage('it is cut short, or bytes of it are wrong', cause);
  }
  if (!Object.hasOwn(proto, 'irVersion') && proto.opsetImport.length === 0) throw notOnnx(bytes);
  return proto;
}

function notOnnx(bytes: Uint8Array, cause?: unknown): ToolError {
  const advice = adviseOnForeignFile(bytes) || 'Name an .onnx file.';
  return new ToolError(
    'not-onnx',
    `The input is not an ONNX model. ${advice}`,
    cause === undefined ? undefined : { cause },
  );
}

function refuseExternal(location: string): never {
  throw new ToolError('file', `The model keeps weights in a file beside it, "${location}".`);
}

function decodeGraph(proto: Proto.IGraphProto, readExternal: ReadExternal): OnnxGraph {
  try {
    return new GraphDecoder(readExternal).decode(proto, new Set());
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw damage('its graphs are nested too deeply', cause);
  }
}

class GraphDecoder {
  readonly #readExternal: ReadExternal;

  constructor(readExternal: ReadExternal) {
    this.#readExternal = readExternal;
  }

  /** @param outer - Names that the graph may take from around it. */
  decode(proto: Proto.IGraphProto, outer: ReadonlySet<string>): OnnxGraph {
    const doc = proto.docString ?? '';
    const values = (proto.valueInfo ?? []).map(decodeValue);
    const { sparseInitializer = [], quantizationAnnotation = [] } = proto;
    const frame = {
      name: proto.name ?? '',
      inputs: (proto.input ?? []).map(decodeValue),
      outputs: (proto.output ?? []).map(decodeValue),
      tensors: (proto.initializer ?? []).map((tensor) => decodeTensor(tensor, this.#readExternal)),
      ...(values.length > 0 && { values }),
      ...(doc && { doc }),
      ...(sparseInitializer?.length && { sparseTensors: sparseInitializer }),
      ...(quantizationAnnotation?.length && { annotations: quantizationAnnotation }),
    };
    const names = namesGivenTo({ ...frame, nodes: [] });
    const inner = new Set([
      ...outer,
      ...names,
      ...(proto.node ?? []).flatMap(({ output }) => output ?? []),
    ]);
    const nodes = (proto.node ?? []).map((node) => this.#decodeNode(node, inner));
    return orderNodes({ ...frame, nodes }, outer);
  }

  #decodeNode(proto: Proto.INodeProto, names: ReadonlySet<string>): OnnxNode {
    const { domain, docString } = proto;
    return {
      name: proto.name ?? '',
      opType: proto.opType ?? '',
      ...(domain && { domain }),
      inputs: proto.input ?? [],
      outputs: proto.output ?? [],
      attributes: Object.fromEntries(
        (proto.attribute ?? []).map((attribute) => [
          attribute.name ?? '',
          this.#decodeAttribute(attribute, names),
        ]),
      ),
      ...(docString && { doc: docString }),
    };
  }

  #decodeAttribute(proto: Proto.IAttributeProto, names: ReadonlySet<string>): OnnxAttribute {
    const types = onnx.AttributeProto.AttributeType;
    const type = proto.type ?? types.UNDEFINED;
    switch (type === types.UNDEFINED ? guessType(proto) : type) {
      case types.INT:
        return { kind: 'int', value: toSafeInteger(proto.i ?? 0) };
      case types.FLOAT:
        return { kind: 'float', value: proto.f ?? 0 };
      case types.STRING: {
        const value = decodeText(proto.s ?? new Uint8Array());
        return value === null ? { kind: 'other', value: proto } : { kind: 'string', value };
      }
      case types.TENSOR:
        return { kind: 'tensor', value: decodeTensor(proto.t ?? {}, this.#readExternal) };
      case types.GRAPH:
        return { kind: 'graph', value: this.decode(proto.g ?? {}, names) };
      case types.INTS:
        return { kind: 'ints', value: (proto.ints ?? []).map(toSafeInteger) };
      case types.FLOATS:
        return { kind: 'floats', value: proto.floats ?? [] };
      case types.STRINGS: {
        const value = (proto.strings ?? []).map(decodeText);
        return value.includes(null)
          ? { kind: 'other', value: proto }
          : { kind: 'strings', value: value as string[] };
      }
      default:
        return { kind: 'other', value: proto };
    }
  }
}

/** The type of an attribute in a file older than the field that says it. */
function guessType(proto: Proto.IAttributeProto): Proto.AttributeProto.AttributeType {
  const types = onnx.AttributeProto.AttributeType;
  if (proto.ints?.length) return types.INTS;
  if (proto.floats?.length) return types.FLOATS;
  if (proto.strings?.length) return types.STRINGS;
  if (proto.t) return types.TENSOR;
  if (proto.g) return types.GRAPH;
  if (Object.hasOwn(proto, 's')) return types.STRING;
  if (Object.hasOwn(proto, 'f')) return types.FLOAT;
  return Object.hasOwn(proto, 'i') ? types.INT : types.INTS;
}

/** Null for bytes that are no UTF-8, as some operators of others have. */
function decodeText(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function decodeValue(proto: Proto.IValueInfoProto): OnnxValue {
  const name = proto.name ?? '';
  const doc = proto.docString ?? '';
  const rest = doc && { doc };
  const tensor = proto.type?.tensorType;
  const type = typeOfCode(tensor?.elemType ?? 0);
  if (!tensor || type === null || type === 'undefined') {
    return { name, dims: null, otherType: proto.type ?? {}, ...rest };
  }
  return {
    name,
    dims: tensor.shape ? (tensor.shape.dim ?? []).map(decodeDim) : null,
    type,
    ...rest,
  };
}

function decodeDim(dim: Proto.TensorShapeProto.IDimension): OnnxDim {
  if (dim.dimParam) return dim.dimParam;
  const isFixed = Object.hasOwn(dim, 'dimValue');
  return isFixed ? toSafeInteger(dim.dimValue) : null;
}
