import type * as Ort from 'onnxruntime-web';

import { ToolError } from './tool-error.ts';

/** A session of ONNX Runtime Web's WebAssembly, single-threaded: the same code that runs in a page. */
export type Session = Ort.InferenceSession;
export type Tensors = Readonly<Record<string, Ort.Tensor>>;

/** Loaded when it is needed first: commands that run no model start without it. */
export async function loadRuntime(): Promise<typeof Ort> {
  const runtime = await import('onnxruntime-web/wasm');
  runtime.env.wasm.numThreads = 1;
  runtime.env.logLevel = 'error';
  return runtime;
}

/**
 * Runs a model on each of the inputs.
 *
 * @param model - An `.onnx` file with all its weights inside.
 * @throws ToolError `unsupported-model` with ONNX Runtime's own words if it cannot.
 */
export async function runModel(
  model: Uint8Array,
  feeds: readonly Tensors[],
): Promise<readonly Tensors[]> {
  const { InferenceSession } = await loadRuntime();
  let session: Session | undefined;
  try {
    session = await InferenceSession.create(model, { executionProviders: ['wasm'] });
    const answers: Tensors[] = [];
    for (const feed of feeds) answers.push(await session.run(feed));
    return answers;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ToolError('unsupported-model', `ONNX Runtime Web cannot run the model: ${reason}`, {
      cause,
    });
  } finally {
    await session?.release();
  }
}
