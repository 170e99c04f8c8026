import type { OnnxGraph, OnnxNode, OnnxTensor } from './graph.ts';

/** A constant of float32. */
export interface FloatTensor extends OnnxTensor {
  readonly data: Float32Array;
}

/** Who makes and who takes each value of a graph. */
export class GraphIndex {
  readonly #tensors: ReadonlyMap<string, OnnxTensor>;
  readonly #producers = new Map<string, OnnxNode>();
  readonly #consumers = new Map<string, OnnxNode[]>();
  readonly #outputs: ReadonlySet<string>;
  readonly #names: Set<string>;

  constructor(graph: OnnxGraph) {
    this.#tensors = new Map(graph.tensors.map((tensor) => [tensor.name, tensor]));
    this.#outputs = new Set(graph.outputs.map(({ name }) => name));
    for (const node of graph.nodes) {
      for (const name of node.outputs) this.#producers.set(name, node);
      for (const name of new Set(node.inputs)) {
        const consumers = this.#consumers.get(name);
        if (consumers) consumers.push(node);
        else this.#consumers.set(name, [node]);
      }
    }
    const inputs = graph.inputs.map(({ name }) => name);
    this.#names = new Set([...inputs, ...this.#tensors.keys(), ...this.#producers.keys()]);
  }

  /** The constant of this name. */
  tensor(name: string | undefined): OnnxTensor | undefined {
    return name === undefined ? undefined : this.#tensors.get(name);
  }

  /** The float32 constant of this name. */
  floats(name: string | undefined): FloatTensor | undefined {
    const tensor = this.tensor(name);
    return tensor?.data instanceof Float32Array ? { ...tensor, data: tensor.data } : undefined;
  }

  /** The node that computes a value; undefined for inputs and constants of the graph. */
  producer(name: string): OnnxNode | undefined {
    return this.#producers.get(name);
  }

  /** The nodes that take a value, each once. */
  consumers(name: string): readonly OnnxNode[] {
    return this.#consumers.get(name) ?? [];
  }

  isOutput(name: string): boolean {
    return this.#outputs.has(name);
  }

  /** A name that nothing has yet: the one asked for, numbered if that is taken. */
  createName(wanted: string): string {
    let name = wanted;
    for (let count = 2; this.#names.has(name); count++) name = `${wanted}#${count}`;
    this.#names.add(name);
    return name;
  }
}
