/** How often to ask whether the GPU is done. */
const pollMs = 1;

/** Resolves once the GPU has done all that was asked of it so far, or is lost. */
export function gpuIsDone(gl: WebGL2RenderingContext): Promise<void> {
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  if (!fence) return Promise.resolve();
  gl.flush();
  return new Promise((resolve) => {
    const poll = (): void => {
      const status = gl.clientWaitSync(fence, 0, 0);
      if (status === gl.TIMEOUT_EXPIRED) {
        setTimeout(poll, pollMs);
        return;
      }
      gl.deleteSync(fence);
      resolve();
    };
    // Never at once: a context answers anew only in another task.
    setTimeout(poll, 0);
  });
}
