/** Less does for no model. */
const leastPages = 4096;

/**
 * ONNX Runtime reserves 4 GiB of address space, for its memory to grow into. iOS before 26 refuses so much even where there is memory
 * (https://github.com/microsoft/onnxruntime/issues/22086, https://github.com/emscripten-core/emscripten/issues/19144). From now on what
 * is refused is asked for again at half its size.
 */
export function reserveWhatThereIs(): void {
  WebAssembly.Memory = new Proxy(WebAssembly.Memory, {
    construct: (target, [descriptor]: [WebAssembly.MemoryDescriptor]) =>
      reserve(target, descriptor),
  });
}

function reserve(
  Memory: typeof WebAssembly.Memory,
  descriptor: WebAssembly.MemoryDescriptor,
): WebAssembly.Memory {
  const { maximum = 0 } = descriptor;
  try {
    return new Memory(descriptor);
  } catch (error) {
    const half = maximum / 2;
    if (!(error instanceof RangeError) || half < leastPages) throw error;
    return reserve(Memory, { ...descriptor, maximum: half });
  }
}
