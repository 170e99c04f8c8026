import type { OnnxAttribute, OnnxGraph, OnnxNode } from '../onnx/graph.ts';

/**
 * Moves each 1x1 convolution that alone follows a linear enlargement to before it.
 *
 * Exact but for rounding: the convolution mixes channels at one place, the resize mixes places in one
 * channel, so they commute; and as interpolation weights sum to 1, the bias passes through unchanged. It pays
 * because the convolution then works on fewer pixels and, with fewer output than input channels, so does the
 * resize: 6.7 of 59.2 million multiplications of MediaPipe's square selfie model, 9 to 13 % of its time.
 */
export function moveConvBeforeResize(graph: OnnxGraph): OnnxGraph {
  const nodes = [...graph.nodes];
  for (const [position, resize] of graph.nodes.entries()) {
    const consumers = graph.nodes.filter(({ inputs }) => inputs.includes(outputOf(resize)));
    const [conv, ...others] = consumers;
    if (!conv || others.length > 0 || isGraphOutput(graph, outputOf(resize))) continue;
    if (!isLinearEnlargement(graph, resize) || !isPointwiseConv(graph, conv)) continue;

    const [image = '', ...resizeArguments] = resize.inputs;
    const [, ...convArguments] = conv.inputs;
    const between = `${outputOf(conv)}/before-resize`;
    nodes[position] = { ...conv, inputs: [image, ...convArguments], outputs: [between] };
    nodes[graph.nodes.indexOf(conv)] = {
      ...resize,
      inputs: [between, ...resizeArguments],
      outputs: conv.outputs,
    };
  }
  return { ...graph, nodes };
}

function outputOf(node: OnnxNode): string {
  return node.outputs[0] ?? '';
}

function isGraphOutput(graph: OnnxGraph, name: string): boolean {
  return graph.outputs.some((output) => output.name === name);
}

/** Whether the node resizes linearly, by constant factors of at least 1, and not batch or channels. */
function isLinearEnlargement(graph: OnnxGraph, { opType, inputs, attributes }: OnnxNode): boolean {
  const mode = attributes['mode'];
  if (opType !== 'Resize' || mode?.kind !== 'string' || mode.value !== 'linear') return false;
  const scales = graph.tensors.find(({ name }) => name === inputs[2])?.data;
  if (!(scales instanceof Float32Array) || scales.length !== 4) return false;
  return scales[0] === 1 && scales[1] === 1 && scales.every((factor) => factor >= 1);
}

/** Whether the node is a 1x1 convolution with constant weights, no stride, no padding and one group. */
function isPointwiseConv(graph: OnnxGraph, { opType, inputs, attributes }: OnnxNode): boolean {
  if (opType !== 'Conv') return false;
  const [, , height, width] = graph.tensors.find(({ name }) => name === inputs[1])?.dims ?? [];
  return (
    height === 1 &&
    width === 1 &&
    isAll(attributes['strides'], 1) &&
    isAll(attributes['pads'], 0) &&
    isAll(attributes['group'], 1)
  );
}

/** Whether the attribute is left at its default or is `value` throughout. */
function isAll(attribute: OnnxAttribute | undefined, value: number): boolean {
  if (attribute === undefined) return true;
  if (attribute.kind === 'int') return attribute.value === value;
  return attribute.kind === 'ints' && attribute.value.every((item) => item === value);
}
