import { int } from '../onnx/graph.ts';
import type { OnnxGraph, OnnxNode } from '../onnx/graph.ts';
import { GraphPatch } from '../onnx/graph-patch.ts';
import { findWeighted, quantizeWeights } from './integer-weights.ts';
import type { IntegerWeights, WeightedNode } from './integer-weights.ts';

/** `TensorProto.DataType.FLOAT` */
const floatType = 1;

/** An activation as integers, with what they mean; all three are names of values. */
interface QuantizedActivation {
  readonly integers: string;
  readonly scale: string;
  readonly zeroPoint: string;
}

/**
 * Computes convolutions and matrix products with 8-bit integers, and finds out the range of what they take each time
 * the model runs: no calibration, but one more pass over each activation. The results are floats.
 *
 * @param graph - Opset 13 or later, weights as float32 constants.
 */
export function quantizeDynamic(graph: OnnxGraph): OnnxGraph {
  const patch = new GraphPatch(graph);
  const activations = new Map<string, QuantizedActivation>();
  for (const node of graph.nodes) {
    const found = findWeighted(node, patch.index);
    if (!found) {
      patch.nodes.push(node);
      continue;
    }
    const { activation } = found;
    const quantized = activations.get(activation) ?? quantizeActivation(patch, activation);
    activations.set(activation, quantized);
    replaceWeighted(patch, node, found, quantized);
  }
  return patch.apply();
}

function quantizeActivation({ index, nodes }: GraphPatch, activation: string): QuantizedActivation {
  const quantized = {
    integers: index.createName(`${activation}/quantized`),
    scale: index.createName(`${activation}/scale`),
    zeroPoint: index.createName(`${activation}/zero-point`),
  };
  nodes.push({
    name: quantized.integers,
    opType: 'DynamicQuantizeLinear',
    inputs: [activation],
    outputs: [quantized.integers, quantized.scale, quantized.zeroPoint],
    attributes: {},
  });
  return quantized;
}

/** The sums of integer products, times the scales of both factors, plus the bias. */
function replaceWeighted(
  patch: GraphPatch,
  { opType, attributes, outputs: [output = ''] }: OnnxNode,
  { weights, axis, bias }: WeightedNode,
  { integers, scale, zeroPoint }: QuantizedActivation,
): void {
  const isConv = opType === 'Conv';
  const { dims, data, scales } = isConv ? quantizeWeights(weights, axis) : orient(weights, axis);
  const stored = patch.addTensor(`${weights.name}/quantized`, { dims, data, type: 'int8' });
  const sums = patch.addNode(
    isConv ? 'ConvInteger' : 'MatMulInteger',
    [integers, stored, zeroPoint],
    `${output}/sums`,
    isConv ? attributes : {},
  );
  // Channels are the second axis of a picture and the last of a matrix.
  const along = [scales.length, ...(isConv ? dims.slice(2).map(() => 1) : [])];
  const weightScale = patch.addTensor(`${weights.name}/scale`, { dims: along, data: scales });
  const step = patch.addNode('Mul', [scale, weightScale], `${output}/step`);
  const floats = patch.addNode('Cast', [sums], `${output}/floats`, { to: int(floatType) });
  if (!bias) {
    patch.replaceNode('Mul', [floats, step], output);
    return;
  }
  const product = patch.addNode('Mul', [floats, step], `${output}/product`);
  const addend = patch.addTensor(`${bias.name}/addend`, { dims: along, data: bias.data });
  patch.replaceNode('Add', [product, addend], output);
}

/** A matrix whose outputs are its columns, as integer products take it. */
function orient({ dims, data }: WeightedNode['weights'], axis: number): IntegerWeights {
  if (axis === 1) return quantizeWeights({ dims, data }, 1);
  const [rows = 0, columns = 0] = dims;
  const turned = data.map((_, i) => data[(i % rows) * columns + Math.floor(i / rows)] ?? NaN);
  return quantizeWeights({ dims: [columns, rows], data: turned }, 1);
}
