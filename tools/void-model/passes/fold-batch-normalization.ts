import type { OnnxGraph, OnnxNode, OnnxTensor } from '../onnx/graph.ts';
import { isTakenOnceBy } from './consumers.ts';

/**
 * Puts each BatchNormalization that alone follows a convolution into that convolution's weights.
 *
 * Nearly exact: factors are multiplied in double precision and rounded once to float32, where the model rounded after
 * each step. It saves the operator and its pass over memory.
 */
export function foldBatchNormalization(graph: OnnxGraph): OnnxGraph {
  let result = graph;
  for (const norm of graph.nodes) {
    if (norm.opType !== 'BatchNormalization' || norm.domain) continue;
    const conv = result.nodes.find(({ outputs }) => outputs[0] === norm.inputs[0]);
    if (conv?.opType === 'Conv' && isTakenOnceBy(result, conv, norm)) {
      result = foldInto(result, conv, norm) ?? result;
    }
  }
  return result;
}

function foldInto(graph: OnnxGraph, conv: OnnxNode, norm: OnnxNode): OnnxGraph | null {
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  const find = (name = ''): OnnxTensor | undefined =>
    inputs.has(name) ? undefined : graph.tensors.find((tensor) => tensor.name === name);
  const weights = find(conv.inputs[1]);
  const bias = conv.inputs[2] ? find(conv.inputs[2]) : undefined;
  const parts = norm.inputs.slice(1).map((name) => find(name)?.data);
  const [scale, offset, mean, variance] = parts;
  const { epsilon, training_mode: training } = norm.attributes;
  if (
    !(weights?.data instanceof Float32Array) ||
    (conv.inputs[2] && !(bias?.data instanceof Float32Array)) ||
    !(scale instanceof Float32Array) ||
    !(offset instanceof Float32Array) ||
    !(mean instanceof Float32Array) ||
    !(variance instanceof Float32Array) ||
    (training?.kind === 'int' && training.value !== 0)
  ) {
    return null;
  }
  const epsilonValue = epsilon?.kind === 'float' ? epsilon.value : 1e-5;
  const factors = Array.from(scale, (value, channel) => {
    return value / Math.sqrt((variance[channel] ?? 0) + epsilonValue);
  });
  const channelSize = weights.data.length / factors.length;
  const oldBias = bias?.data instanceof Float32Array ? bias.data : new Float32Array(factors.length);
  const [output = ''] = norm.outputs;
  const names = { weights: `${output}/weights`, bias: `${output}/bias` };
  const added: readonly OnnxTensor[] = [
    {
      name: names.weights,
      dims: weights.dims,
      data: weights.data.map((value, i) => value * (factors[Math.floor(i / channelSize)] ?? NaN)),
    },
    {
      name: names.bias,
      dims: [factors.length],
      data: Float32Array.from(factors, (factor, channel) => {
        const centred = (oldBias[channel] ?? NaN) - (mean[channel] ?? NaN);
        return centred * factor + (offset[channel] ?? NaN);
      }),
    },
  ];
  const merged: OnnxNode = {
    ...conv,
    inputs: [conv.inputs[0] ?? '', names.weights, names.bias],
    outputs: [output],
  };
  return {
    ...graph,
    tensors: [...graph.tensors, ...added],
    nodes: graph.nodes
      .filter((node) => node !== norm)
      .map((node) => (node === conv ? merged : node)),
  };
}
