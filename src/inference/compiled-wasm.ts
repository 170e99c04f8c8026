/**
 * ONNX Runtime compiles its wasm file by itself and cannot be handed a compiled module, nor does it give away its own. Compiling is
 * the longest part of a worker's start, and browsers keep compiled code for pages but not for workers. So these stand in, for one call
 * alone, for the function by which ONNX Runtime compiles: `WebAssembly.instantiate` where it has the bytes,
 * `WebAssembly.instantiateStreaming` where it fetches them.
 */

/** The next instantiation in this worker takes `module`, whatever bytes it is given. */
export function instantiateNext(module: WebAssembly.Module): void {
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = (async (_: BufferSource, imports?: WebAssembly.Imports) => {
    WebAssembly.instantiate = instantiate;
    return { module, instance: await instantiate(module, imports) };
  }) as typeof instantiate;
}

/** Tells what the next instantiation in this worker compiles. */
export function watchNext(onModule: (module: WebAssembly.Module) => void): void {
  const { instantiateStreaming } = WebAssembly;
  WebAssembly.instantiateStreaming = async (source, imports) => {
    WebAssembly.instantiateStreaming = instantiateStreaming;
    const result = await instantiateStreaming(source, imports);
    onModule(result.module);
    return result;
  };
}
