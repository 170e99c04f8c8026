import { createRequire } from 'node:module';

import type { onnx as OnnxNamespace } from 'onnx-proto';

import type {
  OnnxAttribute,
  OnnxData,
  OnnxGraph,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
} from './graph.ts';

// A CommonJS package whose exports Node cannot see in an `import`.
const { onnx } = createRequire(import.meta.url)('onnx-proto') as { onnx: typeof OnnxNamespace };

/** Version of the operators' definitions. 17: every web runtime of today has it, and HardSwish (14) is in it. */
export const opsetVersion = 17;
/** Version of the file format that came with opset 17. */
const irVersion = 8;

/**
 * Stores a graph as an `.onnx` file. The same graph gives the same bytes: fields in the schema's order, no
 * dates, no host.
 */
export function writeOnnx(graph: OnnxGraph): Uint8Array {
  return onnx.ModelProto.encode({
    irVersion,
    producerName: 'void-model',
    producerVersion: '1',
    opsetImport: [{ domain: '', version: opsetVersion }],
    graph: {
      name: graph.name,
      input: graph.inputs.map(encodeValue),
      output: graph.outputs.map(encodeValue),
      initializer: graph.tensors.map(encodeTensor),
      node: graph.nodes.map(encodeNode),
    },
  }).finish();
}

function encodeValue({ name, dims }: OnnxValue): OnnxNamespace.IValueInfoProto {
  return {
    name,
    type: {
      tensorType: {
        elemType: onnx.TensorProto.DataType.FLOAT,
        shape: { dim: dims.map((dimValue) => ({ dimValue })) },
      },
    },
  };
}

function encodeTensor({ name, dims, data }: OnnxTensor): OnnxNamespace.ITensorProto {
  return { name, dims: [...dims], dataType: dataTypeOf(data), rawData: littleEndianBytes(data) };
}

/** ONNX's code for the element type of `data`. */
export function dataTypeOf(data: OnnxData): number {
  const { FLOAT, FLOAT16, INT64 } = onnx.TensorProto.DataType;
  if (data instanceof Float32Array) return FLOAT;
  return data instanceof Uint16Array ? FLOAT16 : INT64;
}

/** The bytes as ONNX wants them. Every machine that runs Node is little-endian, so they are there already. */
function littleEndianBytes(data: OnnxData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function encodeNode(node: OnnxNode): OnnxNamespace.INodeProto {
  return {
    name: node.name,
    opType: node.opType,
    input: [...node.inputs],
    output: [...node.outputs],
    attribute: Object.entries(node.attributes).map(([name, value]) => ({
      name,
      ...encodeAttribute(value),
    })),
  };
}

function encodeAttribute(attribute: OnnxAttribute): OnnxNamespace.IAttributeProto {
  const { INT, FLOAT, STRING, INTS } = onnx.AttributeProto.AttributeType;
  switch (attribute.kind) {
    case 'int':
      return { type: INT, i: attribute.value };
    case 'float':
      return { type: FLOAT, f: attribute.value };
    case 'string':
      return { type: STRING, s: new TextEncoder().encode(attribute.value) };
    case 'ints':
      return { type: INTS, ints: [...attribute.value] };
    default:
      return attribute satisfies never;
  }
}
