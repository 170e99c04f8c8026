/**
 * How operators' outputs get their sizes, by https://onnx.ai/onnx/operators/. A rule gives the sizes of each output,
 * or null for what it cannot tell.
 */
import type { OnnxDim, OnnxNode } from '../onnx/graph.ts';
import { countKnown, fromFront, intOf, intsOf, isFixed, textOf } from './integers.ts';

type Dims = readonly OnnxDim[];

/** What a rule knows of a node. */
export interface NodeFacts {
  readonly node: OnnxNode;
  /** Sizes of each input; null where unknown. */
  readonly inputs: readonly (Dims | null)[];
  /** The numbers of an input that is a list of sizes, axes or factors; null where unknown. */
  integers(input: number): readonly number[] | null;
}

export type ShapeRule = (facts: NodeFacts) => readonly (Dims | null)[];

const keepFirst: ShapeRule = ({ inputs: [first = null] }) => [first];

const broadcast: ShapeRule = ({ inputs }) => {
  const known = inputs.filter((dims) => dims !== null);
  if (known.length < inputs.length) return [null];
  const rank = Math.max(0, ...known.map((dims) => dims.length));
  const sizesAt = (axis: number) => known.map((dims) => dims[axis - rank + dims.length] ?? 1);
  return [Array.from({ length: rank }, (_, axis) => broadcastSizes(sizesAt(axis)))];
};

function broadcastSizes(sizes: readonly OnnxDim[]): OnnxDim {
  const larger = sizes.filter((size) => size !== 1);
  const fixed = larger.find((size) => typeof size === 'number');
  if (fixed !== undefined) return fixed;
  const [first = 1] = larger;
  return larger.every((size) => size === first) ? first : null;
}

/** Sizes after a window slid over the picture: convolutions and pooling. */
function slide({ node, inputs }: NodeFacts, kernel: readonly OnnxDim[]): readonly OnnxDim[] {
  const { attributes } = node;
  const sizes = inputs[0]?.slice(2) ?? [];
  const rank = sizes.length;
  const pads = intsOf(attributes['pads']) ?? [];
  const autoPad = textOf(attributes['auto_pad'], 'NOTSET');
  const round = intOf(attributes['ceil_mode'], 0) ? Math.ceil : Math.floor;
  return sizes.map((size, axis) => {
    const window = kernel[axis];
    if (!isFixed(size) || !isFixed(window)) return null;
    const stride = intsOf(attributes['strides'])?.[axis] ?? 1;
    const dilation = intsOf(attributes['dilations'])?.[axis] ?? 1;
    if (autoPad.startsWith('SAME')) return Math.ceil(size / stride);
    const padding = autoPad === 'VALID' ? 0 : (pads[axis] ?? 0) + (pads[axis + rank] ?? 0);
    return round((size + padding - (window - 1) * dilation - 1) / stride) + 1;
  });
}

const conv: ShapeRule = (facts) => {
  const [image, weights] = facts.inputs;
  if (!image || !weights) return [null];
  return [[image[0] ?? null, weights[0] ?? null, ...slide(facts, weights.slice(2))]];
};

const convTranspose: ShapeRule = ({ node: { attributes }, inputs: [image, weights] }) => {
  if (!image || !weights) return [null];
  const kernel = weights.slice(2);
  const channels = weights[1] ?? null;
  const group = intOf(attributes['group'], 1);
  const explicit = intsOf(attributes['output_shape']);
  const pads = intsOf(attributes['pads']) ?? [];
  const isSame = textOf(attributes['auto_pad'], 'NOTSET').startsWith('SAME');
  const sizes = image.slice(2).map((size, axis) => {
    const window = kernel[axis];
    if (explicit) return explicit[axis - kernel.length + explicit.length] ?? null;
    if (!isFixed(size) || !isFixed(window)) return null;
    const stride = intsOf(attributes['strides'])?.[axis] ?? 1;
    const dilation = intsOf(attributes['dilations'])?.[axis] ?? 1;
    if (isSame) return size * stride;
    const extra = intsOf(attributes['output_padding'])?.[axis] ?? 0;
    const padding = (pads[axis] ?? 0) + (pads[axis + kernel.length] ?? 0);
    return (size - 1) * stride + extra + (window - 1) * dilation + 1 - padding;
  });
  return [[image[0] ?? null, isFixed(channels) ? channels * group : null, ...sizes]];
};

const pool: ShapeRule = (facts) => {
  const [image] = facts.inputs;
  const kernel = intsOf(facts.node.attributes['kernel_shape']);
  if (!image || !kernel) return [null, null];
  const dims = [...image.slice(0, 2), ...slide(facts, kernel)];
  return [dims, dims];
};

const globalPool: ShapeRule = ({ inputs: [image] }) => [
  image ? [...image.slice(0, 2), ...image.slice(2).map(() => 1)] : null,
];

const gemm: ShapeRule = ({ node: { attributes }, inputs: [a, b] }) => [
  a && b
    ? [a[intOf(attributes['transA'], 0)] ?? null, b[1 - intOf(attributes['transB'], 0)] ?? null]
    : null,
];

const matMul: ShapeRule = ({ inputs: [a, b] }) => {
  if (!a || !b || a.length < 2 || b.length < 2) return [null];
  const rank = Math.max(a.length, b.length) - 2;
  const pad = (dims: Dims): Dims => [...Array<OnnxDim>(rank + 2 - dims.length).fill(1), ...dims];
  const [left, right] = [pad(a), pad(b)];
  const batch = Array.from({ length: rank }, (_, axis) =>
    broadcastSizes([left[axis] ?? null, right[axis] ?? null]),
  );
  return [[...batch, a.at(-2) ?? null, b.at(-1) ?? null]];
};

const resize: ShapeRule = (facts) => {
  const [image] = facts.inputs;
  if (!image) return [null];
  const isUpsample = facts.node.opType === 'Upsample';
  const sizes = isUpsample ? null : facts.integers(3);
  const factors = facts.integers(isUpsample ? 1 : 2);
  const axes = intsOf(facts.node.attributes['axes'])?.map((axis) => fromFront(axis, image.length));
  return [
    image.map((size, axis) => {
      const position = axes ? axes.indexOf(axis) : axis;
      if (position < 0) return size;
      if (sizes && sizes.length > 0) return sizes[position] ?? null;
      const factor = factors?.[position];
      if (factor === 1) return size;
      return isFixed(size) && factor !== undefined ? Math.floor(size * factor) : null;
    }),
  ];
};

const concat: ShapeRule = ({ node, inputs }) => {
  const [first] = inputs;
  if (!first) return [null];
  const axis = fromFront(intOf(node.attributes['axis'], 0), first.length);
  const lengths = inputs.map((dims) => dims?.[axis] ?? null);
  const total = lengths.every(isFixed) ? lengths.reduce((sum, length) => sum + length, 0) : null;
  return [first.map((size, position) => (position === axis ? total : size))];
};

const reshape: ShapeRule = (facts) => {
  const target = facts.integers(1) ?? intsOf(facts.node.attributes['shape']);
  if (!target) return [null];
  const image = facts.inputs[0] ?? null;
  const dims = target.map((size, axis) => (size === 0 ? (image?.[axis] ?? null) : size));
  const count = countKnown(image);
  const known = countKnown(dims.filter((size) => size !== -1));
  const rest = count !== null && known ? count / known : null;
  return [dims.map((size) => (size === -1 ? rest : size))];
};

const transpose: ShapeRule = ({ node, inputs: [image] }) => {
  if (!image) return [null];
  const order = intsOf(node.attributes['perm']) ?? [...image.keys()].reverse();
  return [order.map((axis) => image[axis] ?? null)];
};

const slice: ShapeRule = (facts) => {
  const [image] = facts.inputs;
  if (!image) return [null];
  const { attributes } = facts.node;
  const starts = intsOf(attributes['starts']) ?? facts.integers(1);
  const ends = intsOf(attributes['ends']) ?? facts.integers(2);
  const axes = intsOf(attributes['axes']) ?? facts.integers(3) ?? starts?.map((_, axis) => axis);
  if (!starts || !ends || !axes) return [image.map(() => null)];
  const steps = facts.integers(4);
  const dims = [...image];
  for (const [position, axis] of axes.entries()) {
    const place = fromFront(axis, image.length);
    const size = image[place];
    dims[place] = isFixed(size)
      ? sliceLength(size, starts[position] ?? 0, ends[position] ?? 0, steps?.[position] ?? 1)
      : null;
  }
  return [dims];
};

function sliceLength(size: number, start: number, end: number, step: number): number {
  const low = step > 0 ? 0 : -1;
  const high = step > 0 ? size : size - 1;
  const clamp = (place: number): number => Math.min(high, Math.max(low, fromFront(place, size)));
  return Math.max(0, Math.ceil((clamp(end) - clamp(start)) / step));
}

const reduce: ShapeRule = (facts) => {
  const [image] = facts.inputs;
  if (!image) return [null];
  const { attributes } = facts.node;
  const given = intsOf(attributes['axes']) ?? facts.integers(1);
  // An input that is there and unknown.
  if (!given && facts.node.inputs[1]) return [null];
  const axes = (given ?? [...image.keys()]).map((axis) => fromFront(axis, image.length));
  return [removeAxes(image, axes, intOf(attributes['keepdims'], 1) === 1)];
};

const argReduce: ShapeRule = ({ node: { attributes }, inputs: [image] }) => {
  if (!image) return [null];
  const axis = fromFront(intOf(attributes['axis'], 0), image.length);
  return [removeAxes(image, [axis], intOf(attributes['keepdims'], 1) === 1)];
};

function removeAxes(dims: Dims, axes: readonly number[], isKept: boolean): Dims {
  return dims.flatMap((size, axis) => {
    if (!axes.includes(axis)) return [size];
    return isKept ? [1] : [];
  });
}

const squeeze: ShapeRule = (facts) => {
  const [image] = facts.inputs;
  if (!image) return [null];
  const axes = intsOf(facts.node.attributes['axes']) ?? facts.integers(1);
  if (!axes) return [image.every(isFixed) ? image.filter((size) => size !== 1) : null];
  return [
    removeAxes(
      image,
      axes.map((axis) => fromFront(axis, image.length)),
      false,
    ),
  ];
};

const unsqueeze: ShapeRule = (facts) => {
  const [image] = facts.inputs;
  const axes = intsOf(facts.node.attributes['axes']) ?? facts.integers(1);
  if (!image || !axes) return [null];
  const rank = image.length + axes.length;
  const places = axes.map((axis) => fromFront(axis, rank));
  let next = 0;
  return [
    Array.from({ length: rank }, (_, axis) =>
      places.includes(axis) ? 1 : (image[next++] ?? null),
    ),
  ];
};

const flatten: ShapeRule = ({ node, inputs: [image] }) => {
  if (!image) return [null];
  const axis = fromFront(intOf(node.attributes['axis'], 1), image.length);
  return [[countKnown(image.slice(0, axis)), countKnown(image.slice(axis))]];
};

const gather: ShapeRule = ({ node, inputs: [image, indices] }) => {
  if (!image || !indices) return [null];
  const axis = fromFront(intOf(node.attributes['axis'], 0), image.length);
  return [[...image.slice(0, axis), ...indices, ...image.slice(axis + 1)]];
};

const split: ShapeRule = (facts) => {
  const { attributes, outputs } = facts.node;
  const [image] = facts.inputs;
  if (!image) return outputs.map(() => null);
  const axis = fromFront(intOf(attributes['axis'], 0), image.length);
  const parts = intsOf(attributes['split']) ?? facts.integers(1);
  const size = image[axis];
  const even = isFixed(size) ? Math.ceil(size / outputs.length) : null;
  return outputs.map((_, part) => {
    const rest = even !== null && isFixed(size) ? Math.min(even, size - part * even) : null;
    return image.map((old, place) => (place === axis ? (parts?.[part] ?? rest) : old));
  });
};

const pad: ShapeRule = (facts) => {
  const [image] = facts.inputs;
  const pads = intsOf(facts.node.attributes['pads']) ?? facts.integers(1);
  if (!image) return [null];
  const axes = facts.integers(3)?.map((axis) => fromFront(axis, image.length)) ?? [...image.keys()];
  return [
    image.map((size, axis) => {
      const place = axes.indexOf(axis);
      if (place < 0) return size;
      if (!pads || !isFixed(size)) return null;
      return size + (pads[place] ?? 0) + (pads[place + axes.length] ?? 0);
    }),
  ];
};

const expand: ShapeRule = (facts) => {
  const target = facts.integers(1);
  return target ? broadcast({ ...facts, inputs: [facts.inputs[0] ?? null, target] }) : [null];
};

const depthToSpace: ShapeRule = ({ node, inputs: [image] }) => {
  if (image?.length !== 4) return [null];
  const block = intOf(node.attributes['blocksize'], 1);
  const isDeeper = node.opType === 'SpaceToDepth';
  const scale = (size: OnnxDim | undefined, factor: number): OnnxDim =>
    isFixed(size) ? size * factor : null;
  const [batch = null, channels, height, width] = image;
  const factor = isDeeper ? 1 / block : block;
  return [[batch, scale(channels, 1 / factor ** 2), scale(height, factor), scale(width, factor)]];
};

const shape: ShapeRule = ({ inputs: [image] }) => [image ? [image.length] : null];

const constant: ShapeRule = ({ node: { attributes } }) => {
  const { value } = attributes;
  if (value?.kind === 'tensor') return [value.value.dims];
  const list = attributes['value_ints'] ?? attributes['value_floats'];
  if (list?.kind === 'ints' || list?.kind === 'floats') return [[list.value.length]];
  return [(attributes['value_int'] ?? attributes['value_float']) ? [] : null];
};

const constantOfShape: ShapeRule = (facts) => [facts.integers(0)];

const elementwise =
  'Abs Acos Acosh Asin Asinh Atan Atanh BatchNormalization Cast Ceil Celu Clip Cos Cosh CumSum DequantizeLinear Dropout ' +
  'Elu Erf Exp Floor Gelu GroupNormalization HardSigmoid HardSwish Hardmax Identity InstanceNormalization IsInf IsNaN ' +
  'LRN LayerNormalization LeakyRelu Log LogSoftmax LpNormalization MeanVarianceNormalization Mish Neg Not PRelu ' +
  'QuantizeLinear Reciprocal Relu Round Selu Shrink Sigmoid Sign Sin Sinh Softmax Softplus Softsign Sqrt Swish Tan Tanh ' +
  'ThresholdedRelu Trilu';
const broadcasting =
  'Add And Div Equal Greater GreaterOrEqual Less LessOrEqual Max Mean Min Mod Mul Or Pow Sub Sum Where Xor';
const reducing =
  'ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare';

function forAll(names: string, rule: ShapeRule): readonly (readonly [string, ShapeRule])[] {
  return names.split(' ').map((name) => [name, rule]);
}

/** By operator of ONNX's own. */
export const shapeRules: ReadonlyMap<string, ShapeRule> = new Map([
  ...forAll(elementwise, keepFirst),
  ...forAll(broadcasting, broadcast),
  ...forAll(reducing, reduce),
  ...forAll('AveragePool LpPool MaxPool', pool),
  ...forAll('GlobalAveragePool GlobalLpPool GlobalMaxPool', globalPool),
  ...forAll('ArgMax ArgMin', argReduce),
  ...forAll('Resize Upsample', resize),
  ...forAll('DepthToSpace SpaceToDepth', depthToSpace),
  ['Concat', concat],
  ['Constant', constant],
  ['ConstantOfShape', constantOfShape],
  ['Conv', conv],
  ['ConvTranspose', convTranspose],
  ['Expand', expand],
  ['Flatten', flatten],
  ['Gather', gather],
  ['Gemm', gemm],
  ['MatMul', matMul],
  ['Pad', pad],
  ['Reshape', reshape],
  ['Shape', shape],
  ['Slice', slice],
  ['Split', split],
  ['Squeeze', squeeze],
  ['Transpose', transpose],
  ['Unsqueeze', unsqueeze],
]);
