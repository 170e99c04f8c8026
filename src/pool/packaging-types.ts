/** The worker entries; each is a file of this name in `worker/`. */
export type WorkerName = 'render' | 'render-jspi' | 'render-asyncify' | 'inference-wasm';

/** The models that come with the package. */
export type BuiltInModel = 'selfie' | 'selfie-landscape';

/** Starts a worker; the caller terminates it. */
export type StartWorker = (name: WorkerName, assetBase: string) => Worker | Promise<Worker>;

/** Absolute URLs of a built-in model's manifest and of its file; the latter is empty if the manifest tells. */
export type LocateModel = (
  name: BuiltInModel,
  assetBase: string,
) => { readonly url: string; readonly fileUrl: string };

/** A build of ONNX Runtime, by the name of its wasm file. */
export type WasmName =
  'ort-wasm-simd-threaded' | 'ort-wasm-simd-threaded.jspi' | 'ort-wasm-simd-threaded.asyncify';

/** Absolute URL of ONNX Runtime's wasm file; empty: beside its own script, where bundlers put it. */
export type LocateWasm = (name: WasmName, assetBase: string) => string;
