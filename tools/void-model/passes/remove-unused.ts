import type { OnnxGraph, OnnxNode } from '../onnx/graph.ts';
import { namesTakenBy } from '../onnx/scope.ts';

/** Removes nodes and constants that no output of the graph depends on, and what the file says of values that are gone. */
export function removeUnused(graph: OnnxGraph): OnnxGraph {
  const used = new Set(graph.outputs.map(({ name }) => name));
  const nodes: OnnxNode[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((name) => used.has(name))) continue;
    for (const name of namesTakenBy(node)) used.add(name);
    nodes.unshift(node);
  }
  const tensors = graph.tensors.filter(({ name }) => used.has(name));
  const made = new Set(nodes.flatMap(({ outputs }) => outputs));
  const values = graph.values?.filter(({ name }) => made.has(name));
  // Files before IR version 4 list constants among the inputs.
  const removed = new Set(graph.tensors.map(({ name }) => name).filter((name) => !used.has(name)));
  const inputs = graph.inputs.filter(({ name }) => !removed.has(name));
  return { ...graph, inputs, tensors, nodes, ...(values && { values }) };
}
