/** The official schema of ONNX files, as `onnx-proto` generated it from onnx.proto of ONNX 1.10. */
import onnxProto from 'onnx-proto';

export const { onnx } = onnxProto;
export type { onnx as Proto } from 'onnx-proto';
