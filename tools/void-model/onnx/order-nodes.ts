import { damage } from './damage.ts';
import type { OnnxGraph, OnnxNode } from './graph.ts';
import { namesGivenTo, namesTakenBy } from './scope.ts';

/**
 * Puts each node after the ones whose outputs it takes, as the file should have; else the order stays.
 *
 * @param outer - Names that a graph inside a node may take from around it.
 * @throws ToolError `not-onnx` for a cycle, for a name that nothing gives, and for one that is given twice.
 */
export function orderNodes(graph: OnnxGraph, outer: ReadonlySet<string> = new Set()): OnnxGraph {
  const given = namesGivenTo(graph);
  const producers = findProducers(graph, given);
  const outputs = graph.outputs.map(({ name }) => name);
  for (const name of [...outputs, ...graph.nodes.flatMap((node) => [...namesTakenBy(node)])]) {
    if (!given.has(name) && !producers.has(name) && !outer.has(name)) {
      throw damage(`nothing in it gives "${name}", which it takes`);
    }
  }
  return { ...graph, nodes: sortNodes(graph.nodes, producers) };
}

function findProducers(
  graph: OnnxGraph,
  given: ReadonlySet<string>,
): ReadonlyMap<string, OnnxNode> {
  const producers = new Map<string, OnnxNode>();
  for (const node of graph.nodes) {
    for (const name of node.outputs) {
      if (name === '') continue;
      if (given.has(name) || producers.has(name)) throw damage(`"${name}" is given twice`);
      producers.set(name, node);
    }
  }
  return producers;
}

/** Depth first and without recursion: graphs may be thousands of nodes deep. */
function sortNodes(
  nodes: readonly OnnxNode[],
  producers: ReadonlyMap<string, OnnxNode>,
): readonly OnnxNode[] {
  const sorted = new Set<OnnxNode>();
  const open = new Set<OnnxNode>();
  for (const root of nodes) {
    const path = [root];
    for (let node = path.at(-1); node; node = path.at(-1)) {
      const missing = sorted.has(node) ? undefined : findUnsorted(node, producers, sorted);
      if (missing) {
        open.add(node);
        if (open.has(missing)) {
          throw damage(
            `"${missing.outputs[0] ?? missing.opType}" is made from itself, in a circle`,
          );
        }
        path.push(missing);
      } else {
        sorted.add(node);
        open.delete(node);
        path.pop();
      }
    }
  }
  return [...sorted];
}

function findUnsorted(
  node: OnnxNode,
  producers: ReadonlyMap<string, OnnxNode>,
  sorted: ReadonlySet<OnnxNode>,
): OnnxNode | undefined {
  for (const name of namesTakenBy(node)) {
    const producer = producers.get(name);
    if (producer && !sorted.has(producer)) return producer;
  }
  return undefined;
}
