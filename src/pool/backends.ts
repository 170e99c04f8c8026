import type { Backend } from '../stage.ts';
import type { WasmName, WorkerName } from './packaging-types.ts';

/** What a page may ask for. */
export type BackendOption = 'auto' | Backend;

/**
 * Which backends to try, best first. A named one stands alone: it works, or the page is told why not.
 * `auto` tries WebGPU where there is an adapter that is not a software one.
 */
export async function rankBackends(
  wanted: BackendOption,
  powerPreference: GPUPowerPreference | '',
): Promise<readonly Backend[]> {
  if (wanted !== 'auto') return [wanted];
  return (await hasHardwareAdapter(powerPreference)) ? ['webgpu', 'wasm'] : ['wasm'];
}

/** The render worker's entry for a backend. JSPI makes the session in half the time, from a smaller wasm file. */
export function renderWorkerFor(backend: Backend): WorkerName {
  if (backend === 'wasm') return 'render';
  return 'Suspending' in WebAssembly ? 'render-jspi' : 'render-asyncify';
}

/** ONNX Runtime's wasm file for a backend. */
export function wasmFor(backend: Backend): WasmName {
  if (backend === 'wasm') return 'ort-wasm-simd-threaded';
  return `ort-wasm-simd-threaded.${'Suspending' in WebAssembly ? 'jspi' : 'asyncify'}`;
}

/** Threads for ONNX Runtime on WebAssembly. They need shared memory, and that an isolated page. */
export function inferenceThreads(wanted: number | undefined): number {
  const canShare = crossOriginIsolated && typeof SharedArrayBuffer !== 'undefined';
  if (!canShare) return 1;
  return wanted ?? Math.max(1, Math.min(4, Math.floor(navigator.hardwareConcurrency / 2)));
}

async function hasHardwareAdapter(powerPreference: GPUPowerPreference | ''): Promise<boolean> {
  // Browsers without WebGPU, and pages that are not a secure context, have no navigator.gpu.
  const { gpu } = navigator as { gpu?: GPU };
  const adapter = await gpu
    ?.requestAdapter(powerPreference ? { powerPreference } : {})
    .catch(() => null);
  return adapter != null && !adapter.info.isFallbackAdapter;
}
