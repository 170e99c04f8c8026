import type { OnnxAttribute, OnnxDim, OnnxNode, OnnxTensor } from '../onnx/graph.ts';

/** Longest list of numbers that is taken for sizes or axes and followed through the graph. */
const maxLength = 64;

/** A constant as sizes or axes; null for what is none: other types, matrices, long lists. */
export function toIntegers({ dims, data, type }: OnnxTensor): readonly number[] | null {
  if (dims.length > 1 || data.length > maxLength) return null;
  if (data instanceof BigInt64Array) return Array.from(data, Number);
  if (data instanceof Int32Array) return [...data];
  return data instanceof Float32Array && type !== 'complex64' ? [...data] : null;
}

export function intOf(attribute: OnnxAttribute | undefined, otherwise: number): number {
  return attribute?.kind === 'int' ? attribute.value : otherwise;
}

export function intsOf(attribute: OnnxAttribute | undefined): readonly number[] | null {
  return attribute?.kind === 'ints' ? attribute.value : null;
}

export function textOf(attribute: OnnxAttribute | undefined, otherwise: string): string {
  return attribute?.kind === 'string' ? attribute.value : otherwise;
}

/** A size along an axis that is known when the tool runs. */
export function isFixed(size: OnnxDim | undefined): size is number {
  return typeof size === 'number' && size >= 0;
}

/** How many elements values of these sizes have; null if a size is unknown. */
export function countKnown(dims: readonly OnnxDim[] | null | undefined): number | null {
  if (!dims?.every(isFixed)) return null;
  return dims.reduce((product, size) => product * size, 1);
}

/** An axis counted from the end, as a negative one is, from the front. */
export function fromFront(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}

/**
 * The numbers that shape computations give, where they are known: what `Reshape` and `Resize` get is often worked
 * out by nodes from the sizes of other values.
 *
 * @param inputs - The numbers of the node's inputs, null where unknown.
 * @param dims - Sizes of the node's first input.
 */
export function computeIntegers(
  { opType, attributes }: OnnxNode,
  inputs: readonly (readonly number[] | null)[],
  dims: readonly OnnxDim[] | null,
): readonly number[] | null {
  const [first = null, second = null] = inputs;
  switch (opType) {
    case 'Constant': {
      const { value, value_int: single, value_ints: list } = attributes;
      if (value?.kind === 'tensor') return toIntegers(value.value);
      return single?.kind === 'int' ? [single.value] : intsOf(list);
    }
    case 'Shape':
      return dims?.every(isFixed)
        ? dims.slice(intOf(attributes['start'], 0), intOf(attributes['end'], dims.length))
        : null;
    case 'Identity':
    case 'Unsqueeze':
    case 'Squeeze':
      return first;
    case 'Cast':
      return first?.map(Math.trunc) ?? null;
    case 'Concat': {
      const known = inputs.filter((numbers) => numbers !== null);
      return known.length === inputs.length ? known.flat() : null;
    }
    case 'Gather': {
      const picked = second?.map((index) => first?.at(index));
      return picked?.every((number) => number !== undefined) ? picked : null;
    }
    case 'Slice': {
      const [, starts, ends, , steps] = inputs;
      if (!first || starts?.length !== 1 || ends?.length !== 1) return null;
      return steps && steps[0] !== 1 ? null : first.slice(starts[0], ends[0]);
    }
    case 'Add':
      return combine(first, second, (a, b) => a + b);
    case 'Sub':
      return combine(first, second, (a, b) => a - b);
    case 'Mul':
      return combine(first, second, (a, b) => a * b);
    default:
      return null;
  }
}

function combine(
  first: readonly number[] | null,
  second: readonly number[] | null,
  operation: (a: number, b: number) => number,
): readonly number[] | null {
  if (!first || !second) return null;
  const [a = NaN] = first;
  const [b = NaN] = second;
  if (second.length === 1) return first.map((number) => operation(number, b));
  if (first.length === 1) return second.map((number) => operation(a, number));
  return first.length === second.length
    ? first.map((number, i) => operation(number, second[i] ?? NaN))
    : null;
}
