import type * as Ort from 'onnxruntime-web';
import { SegmenterError } from '../errors.ts';
import type { RuntimeAssets } from '../protocol/messages.ts';

/** The build of ONNX Runtime that a worker entry imports and hands down. */
export type OrtModule = typeof Ort;

/** The wasm file that goes with each build; `onnxruntime-web/jspi` wants the first, and so on. */
export type OrtBuild = 'jspi' | 'asyncify' | 'wasm';

const wasmFiles: Record<OrtBuild, string> = {
  jspi: 'ort-wasm-simd-threaded.jspi.wasm',
  asyncify: 'ort-wasm-simd-threaded.asyncify.wasm',
  wasm: 'ort-wasm-simd-threaded.wasm',
};

/** ONNX Runtime with the name of its build. */
export interface OrtRuntime {
  readonly ort: OrtModule;
  readonly build: OrtBuild;
}

/** Tells ONNX Runtime where its files are. Takes effect before the first session only. */
export function configureRuntime(
  { ort, build }: OrtRuntime,
  assets: RuntimeAssets,
  threads: number,
): void {
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = threads;
  if (assets.wasmBase) ort.env.wasm.wasmPaths = { wasm: assets.wasmBase + wasmFiles[build] };
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
  if (/protobuf|ModelProto|INVALID_GRAPH|INVALID_PROTOBUF|Graph|deserialize/i.test(reason)) {
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
  return new SegmenterError(
    'backend-unavailable',
    `ONNX Runtime could not start. Check that its .wasm file is served (see \`asset-base\`) and that the page's Content Security Policy allows 'wasm-unsafe-eval'. (${reason})`,
    { cause: error },
  );
}
