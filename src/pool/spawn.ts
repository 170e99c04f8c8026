import { SegmenterError } from '../errors.ts';
import { startWorker } from './packaging.ts';
import type { WorkerName } from './packaging-types.ts';

/** A worker that starts says hello long before this; one that does not never will. */
const silenceMs = 30_000;

/**
 * Starts a worker and waits for its hello. The caller terminates it.
 * Rejects with `worker-blocked` (Content Security Policy), `worker-failed`, or `AbortError`.
 */
export async function spawn(
  name: WorkerName,
  assetBase: string,
  signal: AbortSignal,
): Promise<Worker> {
  let worker: Worker | undefined;
  const watch = watchPolicy();
  try {
    worker = await startWorker(name, assetBase);
    await Promise.race([hello(worker, name, signal), watch.violation]);
    return worker;
  } catch (error) {
    worker?.terminate();
    signal.throwIfAborted();
    // The policy's own event may come after the error that it causes.
    await Promise.race([watch.violation, new Promise((resolve) => setTimeout(resolve, 50))]);
    if (error instanceof SegmenterError) throw error;
    throw new SegmenterError(
      'worker-failed',
      `The worker "${name}" could not be started. Check that its script is served from where the page looks for it.`,
      { cause: error },
    );
  } finally {
    watch.stop();
  }
}

function hello(worker: Worker, name: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject: (reason: Error) => void) => {
    const done = new AbortController();
    const settle = (): void => {
      clearTimeout(timer);
      done.abort();
    };
    const fail = (message: string): void => {
      settle();
      reject(new SegmenterError('worker-failed', message));
    };
    const timer = setTimeout(
      () => fail(`The worker "${name}" did not answer within ${silenceMs / 1000} seconds.`),
      silenceMs,
    );
    worker.addEventListener(
      'message',
      () => {
        settle();
        resolve();
      },
      { signal: done.signal },
    );
    worker.addEventListener(
      'error',
      (event) => {
        const reason = event.message ? ` (${event.message})` : '';
        fail(
          `The worker "${name}" failed to start${reason}. Check that its script is served, as JavaScript, from where the page looks for it.`,
        );
      },
      { signal: done.signal },
    );
    signal.addEventListener(
      'abort',
      () => {
        settle();
        reject(new DOMException('The operation was aborted.', 'AbortError'));
      },
      { signal: done.signal },
    );
  });
}

/** Rejects with `worker-blocked` once the page's policy turns a worker away. */
function watchPolicy(): { violation: Promise<never>; stop: () => void } {
  const done = new AbortController();
  const violation = new Promise<never>((_, reject) => {
    document.addEventListener(
      'securitypolicyviolation',
      ({ effectiveDirective, blockedURI }) => {
        if (!/^(worker|script|child|default)-src/.test(effectiveDirective)) return;
        reject(
          new SegmenterError(
            'worker-blocked',
            `The page's Content Security Policy (${effectiveDirective}) blocks the worker ${blockedURI}. Allow it: worker-src 'self' when the files come from the page's own origin, worker-src blob: when they come from another; script-src 'wasm-unsafe-eval' in both cases.`,
          ),
        );
      },
      { signal: done.signal },
    );
  });
  violation.catch(() => {});
  return { violation, stop: () => done.abort() };
}
