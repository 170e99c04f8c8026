import { hasJspi } from '../../src/util/browser.ts';

/** The build of ONNX Runtime with WebGPU that the element would take in this browser. */
export const ort = await (hasJspi()
  ? import('onnxruntime-web/jspi')
  : import('onnxruntime-web/webgpu'));
