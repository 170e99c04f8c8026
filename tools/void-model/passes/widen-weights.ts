import { decodeFloat16 } from '../onnx/float16.ts';
import { elementType } from '../onnx/element-type.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../onnx/graph.ts';
import { consumersOf } from './consumers.ts';

/** `TensorProto.DataType.FLOAT` */
const floatType = 1;

/**
 * Undoes {@link storeWeightsAsFloat16}, so that other passes see the weights of convolutions as numbers. Every 16-bit
 * float is a float32 exactly.
 */
export function widenWeights(graph: OnnxGraph): OnnxGraph {
  const weightNames = new Set(
    graph.nodes
      .filter(({ opType }) => opType === 'Conv' || opType === 'ConvTranspose')
      .flatMap(({ inputs }) => inputs.slice(1)),
  );
  const widened = new Map<OnnxTensor, OnnxTensor>();
  const casts = new Set<OnnxNode>();
  for (const cast of graph.nodes) {
    const [input = ''] = cast.inputs;
    const [name = ''] = cast.outputs;
    const { to } = cast.attributes;
    const narrow = graph.tensors.find((tensor) => tensor.name === input);
    const isWidening = cast.opType === 'Cast' && to?.kind === 'int' && to.value === floatType;
    if (!isWidening || !narrow || !weightNames.has(name)) continue;
    if (!(narrow.data instanceof Uint16Array) || elementType(narrow) !== 'float16') continue;
    if (consumersOf(graph, input).length > 1) continue;
    widened.set(narrow, { name, dims: narrow.dims, data: decodeFloat16(narrow.data) });
    casts.add(cast);
  }
  return {
    ...graph,
    tensors: graph.tensors.map((tensor) => widened.get(tensor) ?? tensor),
    nodes: graph.nodes.filter((node) => !casts.has(node)),
  };
}
