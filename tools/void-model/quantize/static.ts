import { GraphIndex } from '../onnx/graph-index.ts';
import { int } from '../onnx/graph.ts';
import type { OnnxGraph, OnnxNode } from '../onnx/graph.ts';
import { GraphPatch } from '../onnx/graph-patch.ts';
import { findWeighted, quantizeWeights } from './integer-weights.ts';
import type { WeightedNode } from './integer-weights.ts';

/** Smallest and largest value of an activation. */
export interface ValueRange {
  readonly min: number;
  readonly max: number;
}

/** Names of the activations whose ranges {@link quantizeStatic} has to know. */
export function activationsToMeasure(graph: OnnxGraph): readonly string[] {
  const index = new GraphIndex(graph);
  const names = new Set<string>();
  for (const node of graph.nodes) {
    const weighted = findWeighted(node, index);
    if (!weighted) continue;
    names.add(weighted.activation);
    names.add(resultOf(node, index));
  }
  return [...names];
}

/** The value that leaves as integers: the node's own or, where only a Relu takes that, what the Relu makes of it. */
function resultOf({ outputs: [output = ''] }: OnnxNode, index: GraphIndex): string {
  const [consumer, ...others] = index.consumers(output);
  const isFused = consumer?.opType === 'Relu' && others.length === 0 && !index.isOutput(output);
  return isFused ? (consumer.outputs[0] ?? output) : output;
}

/** An activation that goes through integers. */
interface Point {
  /** What its consumers take in its place. */
  readonly dequantized: string;
  readonly scale: number;
  readonly zeroPoint: number;
}

/**
 * Computes convolutions and matrix products with 8-bit integers, in the form that runtimes know (QDQ): each value is
 * quantized and dequantized where it enters and leaves them, and a runtime makes one integer operator of that. Weights
 * have a scale for each output, symmetric; activations one scale and zero point, unsigned.
 *
 * @param graph - Opset 13 or later, weights as float32 constants.
 * @param ranges - Of {@link activationsToMeasure}. What has none stays in floats.
 */
export function quantizeStatic(
  graph: OnnxGraph,
  ranges: ReadonlyMap<string, ValueRange>,
): OnnxGraph {
  const patch = new GraphPatch(graph);
  const points = new Map<string, Point>();
  const weighted = new Map<OnnxNode, WeightedNode>();
  for (const node of graph.nodes) {
    const found = findWeighted(node, patch.index);
    if (!found || !ranges.has(found.activation)) continue;
    weighted.set(node, found);
    for (const value of [found.activation, resultOf(node, patch.index)]) {
      const range = ranges.get(value);
      if (range && !points.has(value)) points.set(value, createPoint(patch, value, range));
    }
  }
  const requantize = (values: readonly string[]): void => {
    for (const value of values) {
      const point = points.get(value);
      if (point) addPoint(patch, value, point);
    }
  };
  requantize(graph.inputs.map(({ name }) => name));
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((name) => points.get(name)?.dequantized ?? name);
    const found = weighted.get(node);
    const scale = points.get(found?.activation ?? '')?.scale ?? 1;
    const constants = found ? addConstants(patch, found, scale) : inputs.slice(1);
    patch.nodes.push({ ...node, inputs: [...inputs.slice(0, 1), ...constants] });
    requantize(node.outputs);
  }
  return patch.apply();
}

/** The range takes in zero, which then is exact: padding is zeros. */
function createPoint({ index }: GraphPatch, value: string, { min, max }: ValueRange): Point {
  const low = Math.min(min, 0);
  const scale = Math.fround((Math.max(max, 0) - low) / 255) || 1;
  const dequantized = index.createName(`${value}/dequantized`);
  return { dequantized, scale, zeroPoint: Math.round(-low / scale) };
}

function addPoint(patch: GraphPatch, value: string, point: Point): void {
  const scale = patch.addTensor(`${value}/scale`, { dims: [], data: Float32Array.of(point.scale) });
  const zeroPoint = patch.addTensor(`${value}/zero-point`, {
    dims: [],
    data: Uint8Array.of(point.zeroPoint),
    type: 'uint8',
  });
  const quantized = patch.addNode(
    'QuantizeLinear',
    [value, scale, zeroPoint],
    `${value}/quantized`,
  );
  patch.replaceNode('DequantizeLinear', [quantized, scale, zeroPoint], point.dequantized);
}

/** Leaves the sums that a bias is added to half of what 32 bits hold. */
const maxBiasInteger = 2 ** 30;

/** @returns Names of the dequantized weights and bias. */
function addConstants(
  patch: GraphPatch,
  { weights, axis, bias }: WeightedNode,
  inputScale: number,
): readonly string[] {
  const smallest = bias?.data.map((value) => Math.abs(value) / (inputScale * maxBiasInteger));
  const { dims, data, scales } = quantizeWeights(weights, axis, smallest);
  const integers = patch.addTensor(`${weights.name}/quantized`, { dims, data, type: 'int8' });
  const dequantized = dequantize(patch, weights.name, integers, scales, axis);
  if (!bias) return [dequantized];
  // In steps of the sums of products, so that it is added to them.
  const steps = scales.map((scale) => scale * inputScale);
  const biasIntegers = patch.addTensor(`${bias.name}/quantized`, {
    dims: bias.dims,
    data: Int32Array.from(bias.data, (value, i) => Math.round(value / (steps[i] ?? 1))),
    type: 'int32',
  });
  return [dequantized, dequantize(patch, bias.name, biasIntegers, steps, 0)];
}

function dequantize(
  patch: GraphPatch,
  name: string,
  integers: string,
  scales: Float32Array,
  axis: number,
): string {
  const scale = patch.addTensor(`${name}/scale`, { dims: [scales.length], data: scales });
  return patch.addNode('DequantizeLinear', [integers, scale], `${name}/dequantized`, {
    axis: int(axis),
  });
}
