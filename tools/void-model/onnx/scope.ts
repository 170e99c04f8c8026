import type { OnnxGraph, OnnxNode } from './graph.ts';

/** Graphs inside a node: the branches of an If, the body of a Loop. */
export function subgraphsOf({ attributes }: OnnxNode): readonly OnnxGraph[] {
  return Object.values(attributes).flatMap((attribute) =>
    attribute.kind === 'graph' ? [attribute.value] : [],
  );
}

/** Names that a node takes from its graph: its inputs, and what the graphs inside it take from around them. */
export function namesTakenBy(node: OnnxNode): ReadonlySet<string> {
  const names = new Set(node.inputs.filter((name) => name !== ''));
  for (const graph of subgraphsOf(node)) for (const name of namesCaptured(graph)) names.add(name);
  return names;
}

function namesCaptured(graph: OnnxGraph): readonly string[] {
  const own = namesGivenTo(graph);
  for (const { outputs } of graph.nodes) for (const name of outputs) own.add(name);
  const taken = graph.nodes.flatMap((node) => [...namesTakenBy(node)]);
  const outputs = graph.outputs.map(({ name }) => name);
  return [...taken, ...outputs].filter((name) => !own.has(name));
}

/** Names that are there before the first node runs: inputs and constants. */
export function namesGivenTo(graph: OnnxGraph): Set<string> {
  return new Set([
    ...graph.inputs.map(({ name }) => name),
    ...graph.tensors.map(({ name }) => name),
    ...(graph.sparseTensors ?? []).map(({ values }) => values?.name ?? ''),
  ]);
}
