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
  const done = new AbortController();
  const violation = policyViolation(done.signal);
  try {
    worker = await startWorker(name, assetBase);
    await Promise.race([hello(worker, name, signal, done.signal), violation]);
    return worker;
  } catch (error) {
    worker?.terminate();
    signal.throwIfAborted();
    // The policy's own event may come after the error that it causes.
    await Promise.race([violation, new Promise((resolve) => setTimeout(resolve, 50))]);
    if (error instanceof SegmenterError) throw error;
    throw notStarted(name, 'could not be started', error);
  } finally {
    done.abort();
  }
}

function hello(
  worker: Worker,
  name: string,
  signal: AbortSignal,
  done: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject: (reason: Error) => void) => {
    const fail = (what: string): void => reject(notStarted(name, what));
    const until = { signal: done };
    AbortSignal.timeout(silenceMs).addEventListener(
      'abort',
      () => fail(`has not answered within ${silenceMs / 1000} seconds`),
      until,
    );
    worker.addEventListener('message', () => resolve(), until);
    worker.addEventListener(
      'error',
      ({ message }) => fail(`failed to start (${message || 'no reason told'})`),
      until,
    );
    signal.addEventListener('abort', () => reject(signal.reason as Error), until);
  });
}

function notStarted(name: string, what: string, cause?: unknown): SegmenterError {
  return new SegmenterError(
    'worker-failed',
    `The worker "${name}" ${what}. Serve its script as JavaScript where the page looks for it, with the page's Cross-Origin-Embedder-Policy.`,
    { cause },
  );
}

/** Rejects with `worker-blocked` once the page's policy turns a worker away. */
function policyViolation(done: AbortSignal): Promise<never> {
  const violation = new Promise<never>((_, reject) => {
    document.addEventListener(
      'securitypolicyviolation',
      ({ effectiveDirective, blockedURI }) => {
        // Not scripts of the page's own (script-src-elem), nor what it compiles for the workers: one may have a policy of its own.
        if (!/^((worker|child|script)-src|require.*)$/.test(effectiveDirective)) return;
        if (blockedURI === 'wasm-eval') return;
        reject(
          new SegmenterError(
            'worker-blocked',
            `The page's Content Security Policy (${effectiveDirective}) blocks the worker ${blockedURI}. Allow worker-src 'self' (blob: with files from another origin), script-src 'wasm-unsafe-eval' and trusted-types void-segmenter.`,
          ),
        );
      },
      { signal: done },
    );
  });
  violation.catch(() => {});
  return violation;
}
