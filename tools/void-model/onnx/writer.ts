import { ToolError } from '../tool-error.ts';
import { codeOfType, elementType } from './element-type.ts';
import type { OnnxAttribute, OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from './graph.ts';
import { createModel } from './model.ts';
import type { OnnxModel } from './model.ts';
import { onnx } from './proto.ts';
import type { Proto } from './proto.ts';

/** What protobuf can store in one message, in bytes. */
const maxFileBytes = 2 ** 31 - 1;

/**
 * Stores a graph that was made here as an `.onnx` file. The same graph gives the same bytes: fields in the
 * schema's order, no dates, no host.
 */
export function writeOnnx(graph: OnnxGraph): Uint8Array {
  return writeModel(createModel(graph));
}

/**
 * Stores a model as one `.onnx` file, constants inside. The same model gives the same bytes.
 *
 * @throws ToolError `unsupported-model` for what is too large for one file.
 */
export function writeModel(model: OnnxModel): Uint8Array {
  const { irVersion, opsets, producer, domain, version, doc, metadata, graph, rest } = model;
  const bytes = onnx.ModelProto.encode({
    irVersion,
    ...(producer.name && { producerName: producer.name }),
    ...(producer.version && { producerVersion: producer.version }),
    ...(domain && { domain }),
    ...(version && { modelVersion: version }),
    ...(doc && { docString: doc }),
    opsetImport: [...opsets],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: encodeGraph(graph),
  }).finish();
  if (bytes.byteLength + rest.byteLength > maxFileBytes) {
    throw new ToolError(
      'unsupported-model',
      'The model is larger than the 2 GB that one .onnx file can have, and external data are not written. ' +
        'Store its weights in fewer bits first.',
    );
  }
  return rest.byteLength === 0 ? bytes : Buffer.concat([bytes, rest]);
}

function encodeGraph(graph: OnnxGraph): Proto.IGraphProto {
  return {
    name: graph.name,
    ...(graph.doc && { docString: graph.doc }),
    input: graph.inputs.map(encodeValue),
    output: graph.outputs.map(encodeValue),
    valueInfo: (graph.values ?? []).map(encodeValue),
    initializer: graph.tensors.map(encodeTensor),
    sparseInitializer: [...(graph.sparseTensors ?? [])],
    quantizationAnnotation: [...(graph.annotations ?? [])],
    node: graph.nodes.map(encodeNode),
  };
}

function encodeValue(value: OnnxValue): Proto.IValueInfoProto {
  const { name, doc } = value;
  return { name, type: encodeType(value), ...(doc && { docString: doc }) };
}

function encodeType({ dims, type = 'float32', otherType }: OnnxValue): Proto.ITypeProto {
  if (otherType) return otherType;
  const shape = dims && {
    dim: dims.map((size) => {
      if (typeof size === 'number') return { dimValue: size };
      return size === null ? {} : { dimParam: size };
    }),
  };
  return { tensorType: { elemType: codeOfType(type), shape } };
}

function encodeTensor(tensor: OnnxTensor): Proto.ITensorProto {
  const { name, dims, data, doc } = tensor;
  return {
    name,
    dims: [...dims],
    dataType: codeOfType(elementType(tensor)),
    ...('buffer' in data ? { rawData: littleEndianBytes(data) } : { stringData: [...data] }),
    ...(doc && { docString: doc }),
  };
}

/** The bytes as ONNX wants them. Every machine that runs Node is little-endian, so they are there already. */
function littleEndianBytes(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function encodeNode(node: OnnxNode): Proto.INodeProto {
  return {
    name: node.name,
    opType: node.opType,
    ...(node.domain && { domain: node.domain }),
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: Object.entries(node.attributes).map(([name, value]) => ({
      ...encodeAttribute(value),
      name,
    })),
    ...(node.doc && { docString: node.doc }),
  };
}

function encodeAttribute(attribute: OnnxAttribute): Proto.IAttributeProto {
  const { INT, FLOAT, STRING, TENSOR, GRAPH, INTS, FLOATS, STRINGS } =
    onnx.AttributeProto.AttributeType;
  const { kind, value } = attribute;
  switch (kind) {
    case 'int':
      return { type: INT, i: encodeInt(value) };
    case 'float':
      return { type: FLOAT, f: value };
    case 'string':
      return { type: STRING, s: encodeText(value) };
    case 'tensor':
      return { type: TENSOR, t: encodeTensor(value) };
    case 'graph':
      return { type: GRAPH, g: encodeGraph(value) };
    case 'ints':
      return { type: INTS, ints: value.map(encodeInt) };
    case 'floats':
      return { type: FLOATS, floats: [...value] };
    case 'strings':
      return { type: STRINGS, strings: value.map(encodeText) };
    case 'other':
      return value;
    default:
      return kind satisfies never;
  }
}

/** 2^63 stands for the largest int64, 2^63 - 1, which "to the end" is written as and no JavaScript number is. */
function encodeInt(value: number): number | Int64 {
  return value < 2 ** 63 ? value : { low: -1, high: 0x7fffffff, unsigned: false };
}

/** What protobuf takes for an int64: two halves. */
interface Int64 {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
}

function encodeText(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
