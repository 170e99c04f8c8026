import { elementType } from '../onnx/element-type.ts';
import { roundToFloat16 } from '../onnx/float16.ts';
import { int } from '../onnx/graph.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor, OnnxValue } from '../onnx/graph.ts';
import { GraphPatch } from '../onnx/graph-patch.ts';
import { subgraphsOf } from '../onnx/scope.ts';
import { ToolError } from '../tool-error.ts';

/** `TensorProto.DataType` */
const floatType = 1;
const float16Type = 10;

/** Inputs that operators want as float32 whatever they compute with, by position. */
const float32Inputs: ReadonlyMap<string, readonly number[]> = new Map([
  ['Resize', [2]],
  ['Upsample', [1]],
]);

/** Operators whose attributes name a type of element. */
const typeAttributes: ReadonlyMap<string, string> = new Map([
  ['Cast', 'to'],
  ['RandomNormal', 'dtype'],
  ['RandomUniform', 'dtype'],
  ['EyeLike', 'dtype'],
]);

export interface Float16Options {
  /** Inputs and outputs are float16 too. Otherwise they stay float32 and are cast. */
  readonly isInterfaceFloat16: boolean;
}

/**
 * Computes everything that was float32 in float16. Constants are rounded to the nearest, those beyond ±65504 become
 * that.
 *
 * @throws ToolError `unsupported-model` for branches and loops, and for operators of 8-bit integers.
 */
export function computeInFloat16(
  graph: OnnxGraph,
  { isInterfaceFloat16 }: Float16Options,
): OnnxGraph {
  refuse(graph);
  const patch = new GraphPatch(narrowTensors(graph));
  const renamed = new Map<string, string>();
  const isFloat = ({ type = 'float32' }: OnnxValue): boolean => type === 'float32';
  if (!isInterfaceFloat16) {
    for (const { name } of graph.inputs.filter(isFloat)) {
      renamed.set(name, patch.addNode('Cast', [name], `${name}/float16`, { to: int(float16Type) }));
    }
    for (const { name } of graph.outputs.filter(isFloat)) {
      renamed.set(name, patch.index.createName(`${name}/float16`));
    }
  }
  const rename = (name: string): string => renamed.get(name) ?? name;
  const wide = new Map(graph.tensors.map((tensor) => [tensor.name, tensor]));
  for (const node of graph.nodes) {
    const float32At = float32Inputs.get(node.opType) ?? [];
    const inputs = node.inputs.map((name, position) => {
      if (!float32At.includes(position) || name === '') return rename(name);
      const constant = wide.get(name);
      if (constant) return patch.addTensor(`${name}/float32`, constant);
      return patch.addNode('Cast', [rename(name)], `${name}/float32`, { to: int(floatType) });
    });
    patch.nodes.push({
      ...node,
      inputs,
      outputs: node.outputs.map(rename),
      attributes: narrowAttributes(node),
    });
  }
  if (!isInterfaceFloat16) {
    for (const { name } of graph.outputs.filter(isFloat)) {
      patch.nodes.push({
        name: patch.index.createName(`${name}/widen`),
        opType: 'Cast',
        inputs: [rename(name)],
        outputs: [name],
        attributes: { to: int(floatType) },
      });
    }
  }
  const toFloat16 = (value: OnnxValue): OnnxValue =>
    isFloat(value) && isInterfaceFloat16 ? { ...value, type: 'float16' } : value;
  return {
    ...patch.apply(),
    inputs: graph.inputs.map(toFloat16),
    outputs: graph.outputs.map(toFloat16),
    // Types in it are out of date.
    values: [],
  };
}

function refuse({ nodes }: OnnxGraph): void {
  const found = nodes.find(
    (node) => subgraphsOf(node).length > 0 || /Quantize|Integer|^QLinear/.test(node.opType),
  );
  if (!found) return;
  throw new ToolError(
    'unsupported-model',
    `The operator ${found.opType} is not computed in float16. Store the weights alone so: --fp16-weights.`,
  );
}

function narrowTensors(graph: OnnxGraph): OnnxGraph {
  return { ...graph, tensors: graph.tensors.map(narrowTensor) };
}

function narrowTensor(tensor: OnnxTensor): OnnxTensor {
  if (elementType(tensor) !== 'float32') return tensor;
  const data = roundToFloat16(tensor.data as Float32Array);
  return { ...tensor, data, type: 'float16' };
}

function narrowAttributes({ opType, attributes }: OnnxNode): OnnxNode['attributes'] {
  const typeName = typeAttributes.get(opType);
  return Object.fromEntries(
    Object.entries(attributes).map(([name, attribute]) => {
      if (attribute.kind === 'tensor') {
        return [name, { kind: 'tensor', value: narrowTensor(attribute.value) }];
      }
      const isFloatType = attribute.kind === 'int' && attribute.value === floatType;
      return [name, name === typeName && isFloatType ? int(float16Type) : attribute];
    }),
  );
}
