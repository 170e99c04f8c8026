import { buildOnnxGraph } from './conversion/build-onnx-graph.ts';
import type { OnnxGraph } from './onnx/graph.ts';
import { writeOnnx } from './onnx/writer.ts';
import { moveConvBeforeResize } from './passes/move-conv-before-resize.ts';
import { storeWeightsAsFloat16 } from './passes/store-weights-as-float16.ts';
import { readTflite } from './tflite/model.ts';

export interface ConvertOptions {
  /** Store weights as float32. Default false: as float16 where that loses nothing. */
  readonly float32?: boolean;
}

/** A rewrite that leaves what the graph computes unchanged. */
type Pass = (graph: OnnxGraph) => OnnxGraph;

/**
 * Converts a TensorFlow Lite model to ONNX. The same input gives the same bytes.
 *
 * @param source - A `.tflite` file.
 * @returns An `.onnx` file, opset 17, with the inputs and outputs of the original: same names, NHWC, float32.
 * @throws ToolError for a damaged file and for what has no conversion.
 */
export function convertTflite(source: Uint8Array, options: ConvertOptions = {}): Uint8Array {
  const passes: Pass[] = [moveConvBeforeResize];
  if (!options.float32) passes.push(storeWeightsAsFloat16);
  const graph = passes.reduce((result, pass) => pass(result), buildOnnxGraph(readTflite(source)));
  return writeOnnx(graph);
}
