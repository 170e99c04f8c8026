/** Says what a command is at, for people who wait: on the error stream, and only if that is a terminal. */
export function reportProgress(step: string): void {
  if (process.stderr.isTTY) console.error(`void-model: ${step} …`);
}

/**
 * Says on the error stream how far long work is: on one line of a terminal, else every tenth step.
 *
 * @param label - What is counted.
 * @returns To be called with how much is done.
 */
export function countProgress(label: string, total: number): (done: number) => void {
  return (done) => {
    const text = `void-model: ${label}, ${done} of ${total}`;
    if (process.stderr.isTTY) process.stderr.write(`\r${text}${done === total ? '\n' : ''}`);
    else if (done % 10 === 0 || done === total) process.stderr.write(`${text}\n`);
  };
}
