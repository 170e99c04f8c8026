/**
 * Brings about the next garbage collection of this thread. To be called after something large was let go of in a worker,
 * which allocates next to nothing from then on and would keep it for ever.
 *
 * There is no function for this. What is announced here is hardly touched, so it costs address space and no memory.
 */
export function collectGarbageSoon(): void {
  // Minifiers leave out an array that nothing happens to.
  new Uint8Array(32 * 1024 * 1024).fill(0, 0, 1);
}
