/** Says what a command is at, for people who wait: on the error stream, and only if that is a terminal. */
export function reportProgress(step: string): void {
  if (process.stderr.isTTY) console.error(`void-model: ${step} …`);
}
