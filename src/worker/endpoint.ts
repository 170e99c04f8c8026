import type { Endpoint } from '../protocol/channel.ts';

/** ONNX Runtime starts its threads from the file that it was loaded from, which is the worker's entry: those must do nothing of ours. */
export function isOrtThread(): boolean {
  return (self.name as string | undefined)?.startsWith('em-pthread') ?? false;
}

/** The worker's own scope, as one end of a channel to the page. */
export function workerEndpoint(): Endpoint {
  return globalThis as unknown as Endpoint;
}
