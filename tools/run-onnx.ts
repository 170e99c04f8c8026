import * as ort from 'onnxruntime-web/wasm';

ort.env.wasm.numThreads = 1;

/** A float32 tensor. */
export interface FloatTensor {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/**
 * Runs a model with one input and one output once, in Node, on ONNX Runtime Web's WebAssembly: the same code
 * that runs in a page.
 *
 * @param model - An `.onnx` file.
 */
export async function runOnnx(model: Uint8Array, input: FloatTensor): Promise<FloatTensor> {
  const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'] });
  try {
    const [inputName = '', outputName = ''] = [session.inputNames[0], session.outputNames[0]];
    const tensor = new ort.Tensor('float32', input.data, input.dims);
    const output = (await session.run({ [inputName]: tensor }))[outputName];
    if (output?.type !== 'float32') throw new Error('The model does not answer with float32.');
    return { dims: output.dims, data: output.data as Float32Array };
  } finally {
    await session.release();
  }
}
