import { encodeFloat16Exactly, roundToFloat16 } from '../onnx/float16.ts';
import { int } from '../onnx/graph.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../onnx/graph.ts';

/** `TensorProto.DataType.FLOAT` */
const floatType = 1;

/** Operators that multiply with constants. */
const weightedOperators: ReadonlySet<string> = new Set(['Conv', 'ConvTranspose', 'MatMul', 'Gemm']);

export interface StoreOptions {
  /** Store those too that change by it, rounded to the nearest. Default false. */
  readonly isRounding?: boolean;
}

/**
 * Halves the file: each weight that float16 holds exactly is stored so and widened by a Cast, which runtimes
 * fold when they load the model. Others stay as they are unless they are to be rounded, so no result changes.
 *
 * Weights are the constants that convolutions and matrix products take. Other constants, such as the factors of a
 * Resize, some runtimes want to see before they fold anything.
 */
export function storeWeightsAsFloat16(
  graph: OnnxGraph,
  { isRounding = false }: StoreOptions = {},
): OnnxGraph {
  const weightNames = new Set(
    graph.nodes
      .filter(({ opType }) => weightedOperators.has(opType))
      .flatMap(({ inputs }) => inputs.slice(1)),
  );
  const casts: OnnxNode[] = [];
  const tensors = graph.tensors.map((tensor): OnnxTensor => {
    if (!weightNames.has(tensor.name) || !(tensor.data instanceof Float32Array)) return tensor;
    const data = isRounding ? roundToFloat16(tensor.data) : encodeFloat16Exactly(tensor.data);
    if (!data) return tensor;
    const name = `${tensor.name}/float16`;
    casts.push({
      name: tensor.name,
      opType: 'Cast',
      inputs: [name],
      outputs: [tensor.name],
      attributes: { to: int(floatType) },
    });
    return { name, dims: tensor.dims, data };
  });
  return { ...graph, tensors, nodes: [...casts, ...graph.nodes] };
}
