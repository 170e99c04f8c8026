import { runOnnx } from '../../tools/run-onnx.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../../tools/void-model/onnx/graph.ts';
import { writeOnnx } from '../../tools/void-model/onnx/writer.ts';

/** Numbers from -1 to 1 that look random and are always the same (a linear congruential generator). */
export function createNoise(length: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

/** A constant of noise. */
export function noiseTensor(name: string, dims: readonly number[], seed: number): OnnxTensor {
  const length = dims.reduce((product, size) => product * size, 1);
  return { name, dims, data: createNoise(length, seed) };
}

/** A node that is named after its output. */
export function node(
  opType: string,
  inputs: readonly string[],
  output: string,
  attributes: OnnxNode['attributes'] = {},
): OnnxNode {
  return { name: output, opType, inputs, outputs: [output], attributes };
}

/** A graph from `image` of these sizes to the output of its last node. */
export function createGraph(
  dims: readonly number[],
  nodes: readonly OnnxNode[],
  tensors: readonly OnnxTensor[],
): OnnxGraph {
  return {
    name: 'test',
    inputs: [{ name: 'image', dims }],
    outputs: [{ name: nodes.at(-1)?.outputs[0] ?? '', dims: null }],
    tensors,
    nodes,
  };
}

/** What the graph answers to noise. */
export async function runOnNoise(graph: OnnxGraph, seed = 99): Promise<Float32Array> {
  const dims = (graph.inputs[0]?.dims ?? []) as readonly number[];
  const length = dims.reduce((product, size) => product * size, 1);
  return (await runOnnx(writeOnnx(graph), { dims, data: createNoise(length, seed) })).data;
}

/** Largest difference of two answers. */
export function findLargestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return NaN;
  return a.reduce((largest, value, i) => Math.max(largest, Math.abs(value - (b[i] ?? NaN))), 0);
}
