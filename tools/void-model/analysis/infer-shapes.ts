import type { OnnxDim, OnnxGraph, OnnxNode } from '../onnx/graph.ts';
import { computeIntegers, toIntegers } from './integers.ts';
import { shapeRules } from './shape-rules.ts';

/** Sizes of every value by name; null, or no entry, for what cannot be told without running the model. */
export type Shapes = ReadonlyMap<string, readonly OnnxDim[] | null>;

/**
 * Works out the sizes of all values from those of the inputs. For operators without a rule, and for what depends on
 * contents, it takes what the file says of the value, if it does.
 */
export function inferShapes(graph: OnnxGraph): Shapes {
  const declared = new Map(
    [...(graph.values ?? []), ...graph.outputs].map(({ name, dims }) => [name, dims]),
  );
  const shapes = new Map<string, readonly OnnxDim[] | null>();
  const integers = new Map<string, readonly number[] | null>();
  for (const { name, dims } of graph.inputs) shapes.set(name, dims);
  for (const tensor of graph.tensors) {
    shapes.set(tensor.name, tensor.dims);
    integers.set(tensor.name, toIntegers(tensor));
  }
  for (const node of graph.nodes) {
    const known = inferNode(node, shapes, integers);
    for (const [position, name] of node.outputs.entries()) {
      shapes.set(name, merge(known[position] ?? null, declared.get(name) ?? null));
    }
    const [output = ''] = node.outputs;
    const numbers = node.inputs.map((name) => integers.get(name) ?? null);
    integers.set(output, computeIntegers(node, numbers, shapes.get(node.inputs[0] ?? '') ?? null));
  }
  return shapes;
}

function inferNode(
  node: OnnxNode,
  shapes: Shapes,
  integers: ReadonlyMap<string, readonly number[] | null>,
): readonly (readonly OnnxDim[] | null)[] {
  const rule = node.domain ? undefined : shapeRules.get(node.opType);
  if (!rule) return [];
  return rule({
    node,
    inputs: node.inputs.map((name) => shapes.get(name) ?? null),
    integers: (input) => integers.get(node.inputs[input] ?? '') ?? null,
  });
}

/** What was worked out, completed by what the file says. */
function merge(
  inferred: readonly OnnxDim[] | null,
  declared: readonly OnnxDim[] | null,
): readonly OnnxDim[] | null {
  if (inferred === null || declared?.length !== inferred.length) return inferred ?? declared;
  return inferred.map((size, axis) => size ?? declared[axis] ?? null);
}

/** Gives names of sizes a number, such as `batch` 1, wherever the graph has them. */
export function fixDims(graph: OnnxGraph, sizes: ReadonlyMap<string, number>): OnnxGraph {
  const fix = <T extends { readonly dims: readonly OnnxDim[] | null }>(value: T): T => {
    const dims = value.dims?.map((size) =>
      typeof size === 'string' ? (sizes.get(size) ?? size) : size,
    );
    return { ...value, dims: dims ?? null };
  };
  const values = graph.values?.map(fix);
  return {
    ...graph,
    inputs: graph.inputs.map(fix),
    outputs: graph.outputs.map(fix),
    ...(values && { values }),
  };
}
