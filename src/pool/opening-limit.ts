import { SegmenterError } from '../errors.ts';

/** Large models on slow devices take a quarter of it. */
const usualMs = 120_000;

/**
 * Gives up a worker that has its model and does not get it to run: a model may have no end. Whoever waits for an answer is told, and
 * terminates the worker.
 *
 * @returns A timer, to be cleared once the model has run.
 */
export function limitOpening(
  channel: { close(reason: Error): void },
  limitMs = usualMs,
): ReturnType<typeof setTimeout> {
  const reason = `The model has not run within ${limitMs / 1000} seconds. Use a smaller one.`;
  return setTimeout(() => channel.close(new SegmenterError('worker-failed', reason)), limitMs);
}
