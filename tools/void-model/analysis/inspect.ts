import { elementType, byteLengthOf, countElements } from '../onnx/element-type.ts';
import type { OnnxDim, OnnxGraph, OnnxNode, OnnxValue } from '../onnx/graph.ts';
import { findOpset } from '../onnx/model.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { subgraphsOf } from '../onnx/scope.ts';
import { countMacs } from './count-macs.ts';
import { inferShapes } from './infer-shapes.ts';
import { runnable } from './kernels.ts';

/** What a value is, as printed: `float32 [1, 256, 256, 3]`. */
export interface ValueReport {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly OnnxDim[] | null;
}

/** What can be told of a model without running it. */
export interface ModelReport {
  readonly irVersion: number;
  readonly opset: number;
  /** Sets of operators that are not ONNX's own. */
  readonly otherOpsets: readonly string[];
  readonly producer: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly inputs: readonly ValueReport[];
  readonly outputs: readonly ValueReport[];
  /** How often each operator is used, in graphs inside nodes too; the most frequent first. */
  readonly operators: Readonly<Record<string, number>>;
  readonly nodes: number;
  /** Numbers in constants of floating point and what they are stored as. */
  readonly parameters: number;
  /** Bytes of constants by type. */
  readonly constantBytes: Readonly<Record<string, number>>;
  /** Multiplications of convolutions and matrix products. */
  readonly macs: number;
  /** Nodes that multiply, whose sizes are not known. */
  readonly unknownMacs: number;
  /** Operators without a rule for sizes, where the file does not say them either. */
  readonly unknownShapes: readonly string[];
  /** Operators for which a provider of ONNX Runtime Web has no kernel. */
  readonly missingKernels: { readonly webgpu: readonly string[]; readonly wasm: readonly string[] };
}

export function inspectModel(model: OnnxModel): ModelReport {
  const { graph } = model;
  const shapes = inferShapes(graph);
  const { macs, unknown } = countMacs(graph, shapes);
  const nodes = allNodes(graph);
  const constants = new Set(graph.tensors.map(({ name }) => name));
  const report = (value: OnnxValue): ValueReport => ({
    name: value.name,
    type: value.otherType ? 'not a tensor' : (value.type ?? 'float32'),
    dims: mergeDims(value.dims, shapes.get(value.name) ?? null),
  });
  const unknownShapes = graph.nodes.filter(({ outputs }) =>
    outputs.some((name) => name !== '' && !shapes.get(name)?.every((size) => size !== null)),
  );
  return {
    irVersion: model.irVersion,
    opset: findOpset(model),
    otherOpsets: model.opsets
      .filter(({ domain }) => domain !== '' && domain !== 'ai.onnx')
      .map(({ domain, version }) => `${domain} ${version}`),
    producer: [model.producer.name, model.producer.version].filter(Boolean).join(' '),
    metadata: model.metadata,
    inputs: graph.inputs.filter(({ name }) => !constants.has(name)).map(report),
    outputs: graph.outputs.map(report),
    operators: countBy(nodes, operatorName),
    nodes: nodes.length,
    ...describeConstants(graph),
    macs,
    unknownMacs: unknown,
    unknownShapes: Object.keys(countBy(unknownShapes, operatorName)),
    missingKernels: {
      webgpu: findMissing(nodes, runnable.webgpu),
      wasm: findMissing(nodes, runnable.wasm),
    },
  };
}

/** Nodes of the graph and of the graphs inside them. */
export function allNodes(graph: OnnxGraph): readonly OnnxNode[] {
  return graph.nodes.flatMap((node) => [node, ...subgraphsOf(node).flatMap(allNodes)]);
}

function operatorName({ opType, domain }: OnnxNode): string {
  return domain ? `${domain}.${opType}` : opType;
}

/** Operators of others are not looked up: which of them exist depends on the build. */
function findMissing(nodes: readonly OnnxNode[], known: ReadonlySet<string>): readonly string[] {
  const own = nodes.filter(({ domain }) => !domain || domain === 'ai.onnx');
  return [...new Set(own.map(({ opType }) => opType))].filter((name) => !known.has(name)).sort();
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return Object.fromEntries(sorted);
}

function describeConstants(graph: OnnxGraph): Pick<ModelReport, 'parameters' | 'constantBytes'> {
  let parameters = 0;
  const bytes = new Map<string, number>();
  for (const tensor of graph.tensors) {
    const type = elementType(tensor);
    if (/float|int[48]$/.test(type)) parameters += countElements(tensor.dims);
    bytes.set(type, (bytes.get(type) ?? 0) + byteLengthOf(tensor));
  }
  return { parameters, constantBytes: Object.fromEntries(bytes) };
}

/** Sizes that the file says, completed by those that were worked out. */
function mergeDims(
  declared: readonly OnnxDim[] | null,
  inferred: readonly OnnxDim[] | null,
): readonly OnnxDim[] | null {
  if (declared?.length !== inferred?.length) return declared ?? inferred;
  return (
    declared?.map((size, axis) => (typeof size === 'number' ? size : (inferred?.[axis] ?? size))) ??
    null
  );
}
