import type { FloatTensor, GraphIndex } from '../onnx/graph-index.ts';
import type { OnnxNode } from '../onnx/graph.ts';

/** Weights as 8-bit integers: a weight of channel c is about `data * scales[c]`. */
export interface IntegerWeights {
  readonly dims: readonly number[];
  /** -127..127: zero is exact, and -w is there for each w. */
  readonly data: Int8Array;
  /** One for each channel. */
  readonly scales: Float32Array;
  /** Which axis the channels are. */
  readonly axis: number;
}

/**
 * Rounds weights to 8 bits, each channel on a scale of its own that its largest weight fills. No weight moves by more
 * than half a step of its channel's scale.
 *
 * @param axis - Which axis the channels are.
 * @param smallestScales - Smallest scale of each channel; by default any.
 */
export function quantizeWeights(
  { dims, data }: Pick<FloatTensor, 'dims' | 'data'>,
  axis: number,
  smallestScales?: Float32Array,
): IntegerWeights {
  const channels = dims[axis] ?? 1;
  const inner = dims.slice(axis + 1).reduce((product, size) => product * size, 1);
  const channelOf = (index: number): number => Math.floor(index / inner) % channels;
  const largest = new Float32Array(channels);
  for (const [index, value] of data.entries()) {
    const channel = channelOf(index);
    largest[channel] = Math.max(largest[channel] ?? 0, Math.abs(value));
  }
  // A channel of nothing but zeros may have any scale.
  const scales = largest.map((size, channel) =>
    size === 0 ? 1 : Math.max(size / 127, smallestScales?.[channel] ?? 0),
  );
  const integers = Int8Array.from(data, (value, index) =>
    Math.round(value / (scales[channelOf(index)] ?? 1)),
  );
  return { dims, data: integers, scales, axis };
}

/** A node that multiplies an activation with constant weights. */
export interface WeightedNode {
  readonly activation: string;
  readonly weights: FloatTensor;
  /** Axis of the weights along which the outputs lie. */
  readonly axis: number;
  /** One number for each output. Undefined: none is added. */
  readonly bias: FloatTensor | undefined;
}

/** Operators whose weights are stored as integers. */
export const weightedOperators: ReadonlySet<string> = new Set(['Conv', 'MatMul', 'Gemm']);

/** Takes a node apart; null if it is not one of these or its weights are not there before the model runs. */
export function findWeighted(node: OnnxNode, index: GraphIndex): WeightedNode | null {
  const [activation = '', weightName, biasName = ''] = node.inputs;
  const weights = index.floats(weightName);
  const bias = index.floats(biasName);
  if (!weightedOperators.has(node.opType) || node.domain || !weights || activation === '')
    return null;
  if (index.tensor(activation) || (biasName !== '' && !bias)) return null;
  const axis = outputAxis(node, weights.dims.length);
  if (axis === null) return null;
  if (bias && bias.data.length !== weights.dims[axis]) return null;
  return { activation, weights, axis, bias };
}

function outputAxis({ opType, attributes }: OnnxNode, rank: number): number | null {
  if (opType === 'Conv') return 0;
  if (rank !== 2) return null;
  if (opType === 'MatMul') return 1;
  const isPlain = ['alpha', 'beta'].every((name) => {
    const attribute = attributes[name];
    return attribute?.kind !== 'float' || attribute.value === 1;
  });
  const [transA, transB] = ['transA', 'transB'].map((name) => {
    const attribute = attributes[name];
    return attribute?.kind === 'int' && attribute.value !== 0;
  });
  if (!isPlain || transA) return null;
  return transB ? 0 : 1;
}
