import { SegmenterError } from '../errors.ts';
import type { PowerPreference } from '../protocol/messages.ts';
import type { Backend } from '../stage.ts';
import { findGpu, hasJspi } from '../util/browser.ts';
import type { WasmName, WorkerName } from './packaging-types.ts';

/** What a page may ask for. */
export type BackendOption = 'auto' | Backend;

/** All of them. */
export const backendOptions: readonly BackendOption[] = ['auto', 'webgpu', 'webnn', 'wasm'];

/**
 * Which backends to try, best first. A named one stands alone: it works, or the page is told why not.
 * `auto` tries WebGPU where there is an adapter that is not a software one. Throws `option-invalid`.
 */
export async function rankBackends(
  wanted: BackendOption,
  powerPreference: PowerPreference,
): Promise<readonly Backend[]> {
  if (!backendOptions.includes(wanted)) {
    const message = `backend: "${wanted}" is none of ${backendOptions.join(', ')}.`;
    throw new SegmenterError('option-invalid', message);
  }
  if (wanted !== 'auto') return [wanted];
  return (await hasHardwareAdapter(powerPreference)) ? ['webgpu', 'wasm'] : ['wasm'];
}

/** The render worker's entry for a backend. JSPI makes the session in half the time, from a smaller wasm file. */
export function renderWorkerFor(backend: Backend): WorkerName {
  if (backend === 'wasm') return 'render';
  return hasJspi() ? 'render-jspi' : 'render-asyncify';
}

/** ONNX Runtime's wasm file for a backend. */
export function wasmFor(backend: Backend): WasmName {
  if (backend === 'wasm') return 'ort-wasm-simd-threaded';
  return `ort-wasm-simd-threaded.${hasJspi() ? 'jspi' : 'asyncify'}`;
}

async function hasHardwareAdapter(powerPreference: PowerPreference): Promise<boolean> {
  const adapter = await findGpu()
    ?.requestAdapter(powerPreference ? { powerPreference } : {})
    .catch(() => null);
  return adapter != null && !adapter.info.isFallbackAdapter;
}
