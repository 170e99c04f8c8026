/**
 * Compiles a wasm file for workers, while they start. Here and not there, because browsers keep compiled code for the files of pages:
 * a page that comes again need not compile.
 *
 * @param url - Absolute; empty: unknown.
 * @returns null where it cannot be had here. The worker compiles the file by itself then, and tells what is wrong with it.
 */
export async function compileWasm(
  url: string,
  signal: AbortSignal,
): Promise<WebAssembly.Module | null> {
  if (!url) return null;
  try {
    return await WebAssembly.compileStreaming(await fetch(url, { signal }));
  } catch {
    return null;
  }
}
