import type * as Ort from 'onnxruntime-web';
import { SegmenterError } from '../errors.ts';
import type { CompiledWasm, RuntimeAssets } from '../protocol/messages.ts';
import { trustScriptUrl } from '../util/trust-script-url.ts';
import { instantiateNext, watchNext } from './compiled-wasm.ts';
import { reserveWhatThereIs } from './wasm-memory.ts';

/** The build of ONNX Runtime that a worker entry imports and hands down. */
export type OrtModule = typeof Ort;

/**
 * ONNX Runtime in this worker. {@link OrtRuntime.configure} goes before the first session, and takes effect once.
 */
export class OrtRuntime {
  readonly ort: OrtModule;
  #module: WebAssembly.Module | null = null;
  #isConfigured = false;

  constructor(ort: OrtModule) {
    this.ort = ort;
  }

  /** Once there is a session: what it runs on, for other workers. null where that was not to be had. */
  get wasm(): CompiledWasm {
    return { module: this.#module };
  }

  /** Throws `worker-blocked` where a policy forbids WebAssembly. */
  configure({ wasmUrl }: RuntimeAssets, { module }: CompiledWasm, threads: number): void {
    if (this.#isConfigured) return;
    if (!module) checkPolicy();
    if (threads > 1) trustThreads();
    this.#isConfigured = true;
    reserveWhatThereIs();
    const { env } = this.ort;
    env.logLevel = 'error';
    env.wasm.numThreads = threads;
    if (wasmUrl) env.wasm.wasmPaths = { wasm: wasmUrl };
    this.#module = module;
    if (module) {
      // So that nothing is fetched.
      env.wasm.wasmBinary = new ArrayBuffer(0);
      instantiateNext(module);
    } else {
      watchNext((compiled) => (this.#module = compiled));
    }
  }
}

/** Compiles the smallest module there is: ONNX Runtime would tell the console of it, and nobody what to do. */
function checkPolicy(): void {
  try {
    new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
  } catch (cause) {
    throw new SegmenterError(
      'worker-blocked',
      "The page's Content Security Policy forbids WebAssembly. Add 'wasm-unsafe-eval' to its script-src.",
      { cause },
    );
  }
}

/** ONNX Runtime makes its threads from plain URLs. */
function trustThreads(): void {
  globalThis.Worker = new Proxy(Worker, {
    construct: (target, [url, options]: [URL, WorkerOptions]) =>
      new target(trustScriptUrl(url.href), options),
  });
}

/**
 * Compiles a model. The caller releases the session.
 * Rejects with `model-invalid` where the file is to blame, else with `backend-unavailable`.
 */
export async function createOrtSession(
  { ort }: OrtRuntime,
  bytes: Uint8Array,
  url: string,
  options: Ort.InferenceSession.SessionOptions,
): Promise<Ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(bytes, options);
  } catch (error) {
    throw explainCreateError(error, url);
  }
}

function explainCreateError(error: unknown, url: string): SegmenterError {
  const reason = error instanceof Error ? error.message : String(error);
  if (/out of memory|bad_alloc|RangeError.*memory/i.test(reason)) {
    return new SegmenterError(
      'out-of-memory',
      'ONNX Runtime ran out of memory while loading the model. Use a smaller model, or fewer elements on the page.',
      { cause: error },
    );
  }
  if (
    /protobuf|ModelProto|INVALID_GRAPH|INVALID_PROTOBUF|Graph|deserialize|InferenceError/i.test(
      reason,
    )
  ) {
    return new SegmenterError(
      'model-invalid',
      `${url} is damaged or not a valid ONNX model. Download or export it again. (${reason})`,
      { cause: error },
    );
  }
  if (/NOT_IMPLEMENTED|opset|Could not find an implementation|No Op registered/i.test(reason)) {
    return new SegmenterError(
      'model-unsupported',
      `${url} uses an operator or opset that ONNX Runtime Web lacks on this backend. Export it with opset 17 and standard operators. (${reason})`,
      { cause: error },
    );
  }
  if (isAboutModel(error, reason)) {
    return new SegmenterError(
      'model-unsupported',
      `ONNX Runtime cannot prepare ${url}. Check the model with onnx.checker, and export it again with opset 17 and standard operators. (${reason})`,
      { cause: error },
    );
  }
  return new SegmenterError(
    'backend-unavailable',
    `ONNX Runtime could not start. Check that its .wasm file is served (see \`asset-base\`). (${reason})`,
    { cause: error },
  );
}

/** Whether ONNX Runtime had started: it says so, or its code traps or throws as C++ does, a number. */
function isAboutModel(error: unknown, reason: string): boolean {
  return (
    reason.startsWith("Can't create a session") ||
    error instanceof WebAssembly.RuntimeError ||
    typeof error === 'number'
  );
}
