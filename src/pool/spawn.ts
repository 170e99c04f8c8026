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
    throw notStarted(name, 'could not be started', error);
  } finally {
    watch.stop();
  }
}

function hello(worker: Worker, name: string, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  const until = { signal: done.signal };
  const answer = new Promise<void>((resolve, reject: (reason: Error) => void) => {
    const timer = setTimeout(
      () => reject(notStarted(name, `has not answered within ${silenceMs / 1000} seconds`)),
      silenceMs,
    );
    done.signal.addEventListener('abort', () => clearTimeout(timer));
    worker.addEventListener('message', () => resolve(), until);
    worker.addEventListener(
      'error',
      ({ message }) => reject(notStarted(name, `failed to start (${message || 'no reason told'})`)),
      until,
    );
    signal.addEventListener('abort', () => reject(signal.reason as Error), until);
  });
  return answer.finally(() => done.abort());
}

function notStarted(name: string, what: string, cause?: unknown): SegmenterError {
  return new SegmenterError(
    'worker-failed',
    `The worker "${name}" ${what}. Check that its script is served, as JavaScript, from where the page looks for it.`,
    { cause },
  );
}

/** Rejects with `worker-blocked` once the page's policy turns a worker away. */
function watchPolicy(): { violation: Promise<never>; stop: () => void } {
  const done = new AbortController();
  const violation = new Promise<never>((_, reject) => {
    document.addEventListener(
      'securitypolicyviolation',
      ({ effectiveDirective, blockedURI }) => {
        if (!/^(worker|script|child|default)-src/.test(effectiveDirective)) return;
        // That is about what the page compiles for the workers; a worker may have a policy of its own.
        if (blockedURI === 'wasm-eval') return;
        reject(
          new SegmenterError(
            'worker-blocked',
            `The page's Content Security Policy (${effectiveDirective}) blocks the worker ${blockedURI}. Allow it: worker-src 'self' when the files come from the page's own origin, blob: when they come from another; script-src 'wasm-unsafe-eval' in both cases.`,
          ),
        );
      },
      { signal: done.signal },
    );
  });
  violation.catch(() => {});
  return { violation, stop: () => done.abort() };
}
