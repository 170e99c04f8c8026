import { SegmenterError } from '../../src/errors.ts';

/** A promise that the test holds open. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (reason: Error) => void;
}

export function createDeferred<T = void>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (reason: Error) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** What the promise rejects with. Throws if it resolves. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`Resolved with ${String(value)} instead of rejecting.`);
}

/** The code of the SegmenterError that the promise rejects with, or the name of any other error. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return describeError(await rejectionOf(promise));
}

/** The message of the error that the promise rejects with. */
export async function messageOf(promise: Promise<unknown>): Promise<string> {
  const error = await rejectionOf(promise);
  return error instanceof Error ? error.message : String(error);
}

/** The code of a SegmenterError, the name of any other error. */
export function describeError(error: unknown): string {
  if (error instanceof SegmenterError) return error.code;
  return error instanceof Error ? error.name : String(error);
}

/** Lets everything run that is due already, and nothing that waits for an event. */
export function finishDueWork(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
