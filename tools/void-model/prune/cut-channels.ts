import { int } from '../onnx/graph.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../onnx/graph.ts';
import { GraphPatch } from '../onnx/graph-patch.ts';
import type { Cut } from './find-channels.ts';

/**
 * Takes channels out of a graph: out of the filters that make them and out of all constants that go with them.
 *
 * @param cuts - Everything that lies along channels.
 * @param isLeft - Whether a channel stays.
 */
export function cutChannels(
  graph: OnnxGraph,
  cuts: readonly Cut[],
  isLeft: (channel: number) => boolean,
): OnnxGraph {
  const patch = new GraphPatch(graph);
  const effective = cuts.filter(({ channels }) => !channels.every(isLeft));
  if (effective.length === 0) return graph;
  for (const node of graph.nodes) {
    let result = node;
    for (const cut of effective) if (cut.node === node) result = apply(patch, result, cut, isLeft);
    patch.nodes.push(result);
  }
  // Shapes in it are out of date.
  return { ...patch.apply(), values: [] };
}

function apply(
  patch: GraphPatch,
  node: OnnxNode,
  cut: Cut,
  isLeft: (channel: number) => boolean,
): OnnxNode {
  const isChannelLeft = cut.channels.map(isLeft);
  const count = isChannelLeft.filter(Boolean).length;
  if (cut.kind === 'group') {
    return { ...node, attributes: { ...node.attributes, group: int(count) } };
  }
  const name = node.inputs[cut.position] ?? '';
  const tensor = patch.tensor(name);
  if (!tensor) throw new TypeError(`"${name}" is no constant.`);
  const content =
    cut.kind === 'count' ? setCount(tensor, count) : takeAlong(tensor, cut.axis, isChannelLeft);
  const cutName = patch.addTensor(`${name}/cut`, content);
  return { ...node, inputs: node.inputs.with(cut.position, cutName) };
}

function setCount(tensor: OnnxTensor, count: number): OnnxTensor {
  const data = (tensor.data as BigInt64Array).slice();
  data[1] = BigInt(count);
  return { ...tensor, data };
}

/** The parts of a constant that are left on one axis. */
function takeAlong(tensor: OnnxTensor, axis: number, isLeft: readonly boolean[]): OnnxTensor {
  const inner = tensor.dims.slice(axis + 1).reduce((product, size) => product * size, 1);
  const isElementLeft = (_: unknown, i: number): boolean =>
    isLeft[Math.floor(i / inner) % isLeft.length] ?? false;
  const data = (tensor.data as Float32Array).filter(isElementLeft);
  return { ...tensor, data, dims: tensor.dims.with(axis, isLeft.filter(Boolean).length) };
}
