import type { OnnxGraph, OnnxNode } from '../onnx/graph.ts';
import { namesTakenBy } from '../onnx/scope.ts';

/** Nodes that take a value, also from inside their own graphs. */
export function consumersOf(graph: OnnxGraph, name: string): readonly OnnxNode[] {
  return graph.nodes.filter((node) => namesTakenBy(node).has(name));
}

/** Whether all that `node` gives goes to `consumer` and nowhere else. */
export function isTakenOnceBy(graph: OnnxGraph, node: OnnxNode, consumer: OnnxNode): boolean {
  const [name = ''] = node.outputs;
  const [first, ...others] = consumersOf(graph, name);
  return (
    first === consumer &&
    others.length === 0 &&
    !graph.outputs.some((output) => output.name === name)
  );
}
