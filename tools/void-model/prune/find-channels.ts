import { GraphIndex } from '../onnx/graph-index.ts';
import type { FloatTensor } from '../onnx/graph-index.ts';
import type { OnnxGraph, OnnxNode } from '../onnx/graph.ts';
import { namesTakenBy } from '../onnx/scope.ts';
import { ChannelTies } from './channel-ties.ts';

/** What of a node has to follow when channels are removed. All but `group` is about the constant `inputs[position]`. */
export type Cut =
  /** It lies along these channels on this axis. */
  | {
      readonly kind: 'axis';
      readonly node: OnnxNode;
      readonly position: number;
      readonly axis: number;
      readonly channels: readonly number[];
    }
  /** Its element 1 is how many they are. */
  | {
      readonly kind: 'count';
      readonly node: OnnxNode;
      readonly position: number;
      readonly channels: readonly number[];
    }
  /** The attribute `group` is how many they are. */
  | { readonly kind: 'group'; readonly node: OnnxNode; readonly channels: readonly number[] };

/** The filters of a convolution, one for each channel that it makes. */
export interface Filters {
  readonly weights: FloatTensor;
  /** Axis of the weights on which the filters lie. */
  readonly axis: number;
  readonly channels: readonly number[];
}

/** All that is known of a graph's channels. */
export interface ChannelAnalysis {
  readonly ties: ChannelTies;
  readonly cuts: readonly Cut[];
  readonly filters: readonly Filters[];
}

/** Follows each channel from the convolution that makes it to all that take it. */
export function findChannels(graph: OnnxGraph): ChannelAnalysis {
  return new ChannelFinder(graph).run();
}

/** Channels of a value, on its axis 1. */
interface Channels {
  readonly numbers: readonly number[];
  /** How many axes the value has. */
  readonly rank: number;
}

/** Operators that compute each element from the one at its place in the first input. */
const unaryOperators = new Set(
  (
    'Abs Cast Ceil Clip Dropout Elu Erf Exp Floor Gelu HardSigmoid HardSwish Identity LeakyRelu Log Mish Neg ' +
    'Reciprocal Relu Round Selu Sigmoid Softplus Softsign Sqrt Tanh ThresholdedRelu'
  ).split(' '),
);
/** Operators that compute each element from those at its place in all inputs, which may be broadcast. */
const broadcastOperators = new Set('Add Div Max Mean Min Mul Pow PRelu Sub Sum'.split(' '));
/** Operators that mix places and not channels. */
const spatialOperators = new Set(
  'AveragePool GlobalAveragePool GlobalLpPool GlobalMaxPool LpPool MaxPool'.split(' '),
);
/** Operators whose further inputs are one number for each channel. */
const normOperators = new Set(['BatchNormalization', 'InstanceNormalization']);

class ChannelFinder {
  readonly #graph: OnnxGraph;
  readonly #index: GraphIndex;
  readonly #ties = new ChannelTies();
  readonly #cuts: Cut[] = [];
  readonly #filters: Filters[] = [];
  /** Channels of values; those of a value that is not here are not known. */
  readonly #channels = new Map<string, Channels>();

  constructor(graph: OnnxGraph) {
    this.#graph = graph;
    this.#index = new GraphIndex(graph);
  }

  run(): ChannelAnalysis {
    for (const node of this.#graph.nodes) {
      const result = node.domain ? null : this.#follow(node);
      const [output = '', ...others] = node.outputs;
      if (result) this.#channels.set(output, result);
      if (!result || others.some((name) => name !== '')) this.#keepAll(node);
    }
    for (const { name } of this.#graph.outputs) this.#keep(name);
    return { ties: this.#ties, cuts: this.#cuts, filters: this.#filters };
  }

  /** Keeps the channels of everything that the node takes or gives. */
  #keepAll(node: OnnxNode): void {
    for (const name of [...namesTakenBy(node), ...node.outputs]) this.#keep(name);
  }

  #keep(name: string): void {
    this.#ties.keep(this.#channels.get(name)?.numbers ?? []);
  }

  /** Channels of the first output; null for what is not understood. Nothing is noted down then. */
  #follow(node: OnnxNode): Channels | null {
    const { opType } = node;
    if (opType === 'Conv' || opType === 'ConvTranspose') return this.#followConv(node);
    if (opType === 'Concat') return this.#followConcat(node);
    if (broadcastOperators.has(opType)) return this.#followBroadcast(node);
    const input = this.#channels.get(node.inputs[0] ?? '');
    if (!input) return null;
    if (unaryOperators.has(opType) || spatialOperators.has(opType)) return input;
    if (normOperators.has(opType)) return this.#followNorm(node, input);
    if (opType === 'Resize' || opType === 'Upsample') return this.#followResize(node, input);
    if (opType === 'Pad') return this.#isSpatialPad(node, input.rank) ? input : null;
    if (opType === 'ReduceMean' || opType === 'ReduceMax') {
      return isSpatialReduction(node, this.#index) ? input : null;
    }
    return null;
  }

  #followConv(node: OnnxNode): Channels | null {
    const [image = '', weightName, biasName = ''] = node.inputs;
    const weights = this.#index.floats(weightName);
    const bias = this.#index.tensor(biasName);
    if (!weights || (biasName !== '' && !bias)) return null;
    const input = this.#channels.get(image);
    const group = readInt(node, 'group', 1);
    const rank = weights.dims.length;
    if (group === 1) {
      const axis = node.opType === 'Conv' ? 0 : 1;
      const channels = this.#ties.create(weights.dims[axis] ?? 0);
      this.#filters.push({ weights, axis, channels });
      this.#addCut(node, 1, axis, channels);
      if (bias) this.#addCut(node, 2, 0, channels);
      if (input) this.#addCut(node, 1, 1 - axis, input.numbers);
      return { numbers: channels, rank };
    }
    const isDepthwise = weights.dims[0] === group && weights.dims[1] === 1;
    if (!isDepthwise || input?.numbers.length !== group) return null;
    this.#addCut(node, 1, 0, input.numbers);
    if (bias) this.#addCut(node, 2, 0, input.numbers);
    this.#cuts.push({ kind: 'group', node, channels: input.numbers });
    return input;
  }

  #followConcat(node: OnnxNode): Channels | null {
    const inputs = node.inputs.map((name) => this.#channels.get(name));
    const known = inputs.filter((input) => input !== undefined);
    const [first] = known;
    const axis = readInt(node, 'axis', 1);
    if (!first || known.length < inputs.length) return null;
    if (axis !== 1 && axis !== 1 - first.rank) return null;
    return { numbers: known.flatMap(({ numbers }) => numbers), rank: first.rank };
  }

  #followBroadcast(node: OnnxNode): Channels | null {
    const values = node.inputs.filter((name) => !this.#index.tensor(name));
    const known = values.flatMap((name) => this.#channels.get(name) ?? []);
    if (known.length === 0 || known.length < values.length) return null;
    const widest = known.reduce((a, b) => (b.numbers.length > a.numbers.length ? b : a));
    const { numbers, rank } = widest;
    const isTieable = (size: number): boolean => size === 1 || size === numbers.length;
    if (!known.every((each) => each.rank === rank && isTieable(each.numbers.length))) return null;
    const cuts: [position: number, axis: number][] = [];
    for (const [position, name] of node.inputs.entries()) {
      const dims = this.#index.tensor(name)?.dims;
      if (!dims) continue;
      // Axes are aligned at the last one.
      const axis = dims.length - (rank - 1);
      if (axis < 0) continue;
      if (axis > 1 || !isTieable(dims[axis] ?? 0)) return null;
      if (dims[axis] !== 1) cuts.push([position, axis]);
    }
    for (const each of known) if (each.numbers.length > 1) this.#ties.tie(numbers, each.numbers);
    for (const [position, axis] of cuts) this.#addCut(node, position, axis, numbers);
    return widest;
  }

  #followNorm(node: OnnxNode, input: Channels): Channels | null {
    const positions = node.inputs.slice(1).map((_, i) => i + 1);
    if (!positions.every((at) => this.#index.tensor(node.inputs[at]))) return null;
    for (const position of positions) this.#addCut(node, position, 0, input.numbers);
    return input;
  }

  /** Sizes name the number of channels, factors do not. */
  #followResize(node: OnnxNode, input: Channels): Channels | null {
    if (node.attributes['axes']) return null;
    const position = node.opType === 'Upsample' ? 1 : 2;
    const factors = this.#index.floats(node.inputs[position])?.data;
    if (factors?.length === input.rank) return factors[1] === 1 ? input : null;
    const sizes = this.#index.tensor(node.inputs[3])?.data;
    if (!(sizes instanceof BigInt64Array) || Number(sizes[1]) !== input.numbers.length) return null;
    this.#cuts.push({ kind: 'count', node, position: 3, channels: input.numbers });
    return input;
  }

  #isSpatialPad(node: OnnxNode, rank: number): boolean {
    const attribute = node.attributes['pads'];
    const constant = this.#index.tensor(node.inputs[1])?.data;
    const pads =
      attribute?.kind === 'ints'
        ? attribute.value
        : constant instanceof BigInt64Array
          ? Array.from(constant, Number)
          : [];
    return pads.length === 2 * rank && pads[1] === 0 && pads[rank + 1] === 0;
  }

  #addCut(node: OnnxNode, position: number, axis: number, channels: readonly number[]): void {
    this.#cuts.push({ kind: 'axis', node, position, axis, channels });
  }
}

/** Whether it leaves the axes in place and reduces neither batch nor channels. */
function isSpatialReduction(node: OnnxNode, index: GraphIndex): boolean {
  const attribute = node.attributes['axes'];
  const constant = index.tensor(node.inputs[1])?.data;
  const axes =
    attribute?.kind === 'ints'
      ? attribute.value
      : constant instanceof BigInt64Array
        ? Array.from(constant, Number)
        : [];
  const isSpatial =
    axes.length > 0 && axes.every((axis) => axis >= 2 || axis === -1 || axis === -2);
  return isSpatial && readInt(node, 'keepdims', 1) === 1;
}

function readInt({ attributes }: OnnxNode, name: string, otherwise: number): number {
  const attribute = attributes[name];
  return attribute?.kind === 'int' ? attribute.value : otherwise;
}
