import { GraphIndex } from './graph-index.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from './graph.ts';
import { namesTakenBy } from './scope.ts';

/** What a pass puts in the place of a graph's nodes, under names that nothing has yet. */
export class GraphPatch {
  readonly index: GraphIndex;
  /** In the order in which they run. */
  readonly nodes: OnnxNode[] = [];
  readonly #graph: OnnxGraph;
  readonly #tensors: OnnxTensor[] = [];

  constructor(graph: OnnxGraph) {
    this.#graph = graph;
    this.index = new GraphIndex(graph);
  }

  /** The constant of this name, of the graph or added. */
  tensor(name: string): OnnxTensor | undefined {
    return this.index.tensor(name) ?? this.#tensors.find((tensor) => tensor.name === name);
  }

  /** Adds a constant. @returns Its name: the one wanted, numbered if that is taken. */
  addTensor(wanted: string, content: Omit<OnnxTensor, 'name'>): string {
    const name = this.index.createName(wanted);
    this.#tensors.push({ ...content, name });
    return name;
  }

  /** Adds a node of one output. @returns The output's name: the one wanted, numbered if that is taken. */
  addNode(
    opType: string,
    inputs: readonly string[],
    wanted: string,
    attributes: OnnxNode['attributes'] = {},
  ): string {
    const output = this.index.createName(wanted);
    this.nodes.push({ name: output, opType, inputs, outputs: [output], attributes });
    return output;
  }

  /** Adds a node that computes a value which others already know by this name. */
  replaceNode(opType: string, inputs: readonly string[], output: string): void {
    this.nodes.push({ name: output, opType, inputs, outputs: [output], attributes: {} });
  }

  /** The graph of the new nodes, less the constants that they do not take. */
  apply(): OnnxGraph {
    const taken = new Set(this.nodes.flatMap((node) => [...namesTakenBy(node)]));
    for (const { name } of this.#graph.outputs) taken.add(name);
    const tensors = [...this.#graph.tensors, ...this.#tensors];
    return {
      ...this.#graph,
      nodes: this.nodes,
      tensors: tensors.filter(({ name }) => taken.has(name)),
    };
  }
}
