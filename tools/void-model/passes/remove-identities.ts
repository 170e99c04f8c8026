import type { OnnxGraph, OnnxNode } from '../onnx/graph.ts';
import { subgraphsOf } from '../onnx/scope.ts';

/**
 * Removes nodes that hand their input on: Identity, and Dropout, which does nothing when a model is used. Where both
 * ends are inputs or outputs of the graph, whose names stay, the node stays.
 */
export function removeIdentities(graph: OnnxGraph): OnnxGraph {
  const removable = graph.nodes.filter((node) => isIdentity(node, graph));
  return removable.reduce(removeNode, graph);
}

function isIdentity({ opType, domain, inputs, outputs }: OnnxNode, graph: OnnxGraph): boolean {
  if (domain) return false;
  if (opType === 'Identity') return true;
  // The second output of Dropout is which numbers were dropped, the third input that it is training.
  const mask = outputs[1] ?? '';
  return opType === 'Dropout' && !inputs[2] && (mask === '' || !isTaken(graph, mask));
}

function isTaken(graph: OnnxGraph, name: string): boolean {
  return (
    graph.outputs.some((output) => output.name === name) ||
    graph.nodes.some(({ inputs }) => inputs.includes(name))
  );
}

function removeNode(graph: OnnxGraph, node: OnnxNode): OnnxGraph {
  // Names inside other graphs would have to change too.
  if (graph.nodes.some((other) => subgraphsOf(other).length > 0)) return graph;
  const current = graph.nodes.find(({ outputs }) => outputs[0] === node.outputs[0]);
  if (!current) return graph;
  const [input = ''] = current.inputs;
  const [output = ''] = current.outputs;
  const isOutput = (name: string): boolean => graph.outputs.some((value) => value.name === name);
  const rest = graph.nodes.filter((other) => other !== current);
  if (!isOutput(output)) return { ...graph, nodes: rename(rest, output, input) };
  const producer = rest.find(({ outputs }) => outputs.includes(input));
  if (!producer || isOutput(input)) return graph;
  return { ...graph, nodes: rename(rest, input, output) };
}

function rename(nodes: readonly OnnxNode[], from: string, to: string): readonly OnnxNode[] {
  const replace = (name: string): string => (name === from ? to : name);
  return nodes.map((node) => ({
    ...node,
    inputs: node.inputs.map(replace),
    outputs: node.outputs.map(replace),
  }));
}
