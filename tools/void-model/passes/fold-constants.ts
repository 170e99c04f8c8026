import type * as Ort from 'onnxruntime-web';

import { inferShapes } from '../analysis/infer-shapes.ts';
import { isFixed } from '../analysis/integers.ts';
import { byteLengthOf, codeOfType, storageOf, typeOfCode } from '../onnx/element-type.ts';
import type { OnnxType } from '../onnx/element-type.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../onnx/graph.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { subgraphsOf } from '../onnx/scope.ts';
import { writeModel } from '../onnx/writer.ts';
import { runModel } from '../run-model.ts';

/** Operators that give something else each time. */
const random = /^Random|^Bernoulli$|^Multinomial$/;
/** Unpacking numbers that are stored small: runtimes do it when they load the model, and the file stays small. */
const unpacking = new Set(['DequantizeLinear', 'Cast']);
/** What a folded node may add to the file, in bytes. */
const maxGrowthBytes = 4096;

/**
 * Works out nodes whose inputs are constants, with ONNX Runtime itself: exactly what it would work out on each start. Sizes
 * of values are constants too, where they are fixed. What would make the file much larger stays.
 */
export async function foldConstants(model: OnnxModel): Promise<OnnxModel> {
  const graph = foldShapes(foldConstantNodes(model.graph));
  const foldable = findFoldable(graph);
  if (foldable.length === 0) return { ...model, graph };
  const taken = new Set(foldable.flatMap(({ inputs }) => inputs));
  const wanted = foldable.flatMap(({ outputs }) => outputs.filter((name) => name !== ''));
  const part: OnnxGraph = {
    name: 'constants',
    inputs: [],
    // Without a type: ONNX Runtime works it out.
    outputs: wanted.map((name) => ({ name, dims: null, otherType: {} })),
    tensors: graph.tensors.filter(({ name }) => taken.has(name)),
    nodes: foldable,
  };
  const [answers = {}] = await runModel(writeModel({ ...model, graph: part }), [{}]);
  return { ...model, graph: keepWorthwhile(graph, foldable, answers) };
}

/** Nodes `Constant` with a tensor become constants of the graph. */
function foldConstantNodes(graph: OnnxGraph): OnnxGraph {
  const tensors: OnnxTensor[] = [];
  const nodes = graph.nodes.filter(({ opType, domain, attributes, outputs: [name = ''] }) => {
    const { value } = attributes;
    if (domain || opType !== 'Constant' || value?.kind !== 'tensor') return true;
    tensors.push({ ...value.value, name });
    return false;
  });
  return { ...graph, tensors: [...graph.tensors, ...tensors], nodes };
}

/** Nodes `Shape` of values whose sizes are fixed. */
function foldShapes(graph: OnnxGraph): OnnxGraph {
  const shapes = inferShapes(graph);
  const tensors: OnnxTensor[] = [];
  const nodes = graph.nodes.filter((node) => {
    const dims = shapes.get(node.inputs[0] ?? '');
    const isWhole = Object.keys(node.attributes).length === 0;
    if (node.domain || node.opType !== 'Shape' || !isWhole || !dims?.every(isFixed)) return true;
    const data = BigInt64Array.from(dims, BigInt);
    tensors.push({ name: node.outputs[0] ?? '', type: 'int64', dims: [dims.length], data });
    return false;
  });
  return { ...graph, tensors: [...graph.tensors, ...tensors], nodes };
}

function findFoldable(graph: OnnxGraph): readonly OnnxNode[] {
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  const constants = new Set(
    graph.tensors.map(({ name }) => name).filter((name) => !inputs.has(name)),
  );
  return graph.nodes.filter((node) => {
    const isFoldable =
      !node.domain &&
      !random.test(node.opType) &&
      !unpacking.has(node.opType) &&
      subgraphsOf(node).length === 0 &&
      node.inputs.every((name) => name === '' || constants.has(name));
    if (isFoldable) for (const name of node.outputs) constants.add(name);
    return isFoldable;
  });
}

/** The graph with each node replaced that does not cost much more as numbers than as a node. */
function keepWorthwhile(
  graph: OnnxGraph,
  foldable: readonly OnnxNode[],
  answers: Readonly<Record<string, Ort.Tensor>>,
): OnnxGraph {
  const folded = new Set<OnnxNode>();
  const tensors = [...graph.tensors];
  for (const node of foldable) {
    const results = node.outputs.flatMap((name) => toConstant(name, answers[name]) ?? []);
    const sources = tensors.filter(({ name }) => node.inputs.includes(name));
    const isKnown = node.outputs.every(
      (name) => name === '' || results.some((r) => r.name === name),
    );
    if (!isKnown || sumBytes(results) > sumBytes(sources) + maxGrowthBytes) continue;
    folded.add(node);
    tensors.push(...results);
  }
  return { ...graph, tensors, nodes: graph.nodes.filter((node) => !folded.has(node)) };
}

function sumBytes(tensors: readonly OnnxTensor[]): number {
  return tensors.reduce((sum, tensor) => sum + byteLengthOf(tensor), 0);
}

/** An answer of ONNX Runtime as a constant; null for types that its JavaScript holds otherwise. */
function toConstant(name: string, answer: Ort.Tensor | undefined): OnnxTensor | null {
  const type = typeOfCode(codeOfType(answer?.type as OnnxType));
  const storage = type && type !== 'undefined' ? storageOf(type) : null;
  if (!answer || !type || !storage || !(answer.data instanceof storage.array)) return null;
  return { name, type, dims: answer.dims, data: answer.data };
}
