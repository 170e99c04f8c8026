import { SegmenterError } from '../errors.ts';
import { Channel } from '../protocol/channel.ts';
import type {
  ModelRequest,
  NoRequests,
  RenderEvents,
  RenderNotices,
  RenderRequests,
} from '../protocol/messages.ts';
import { modelCacheNames } from '../util/model-cache-names.ts';
import { spawn } from './spawn.ts';

/**
 * Downloads a model into the cache, in the smallest of the workers, which ends with it.
 * Rejects with a `worker-…` or `model-…` code, or `AbortError`.
 *
 * @returns Whether it is kept.
 */
export async function preloadModel(
  model: ModelRequest,
  assetBase: string,
  onProgress: (progress: RenderEvents['progress']) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const worker = await spawn('render', assetBase, signal);
  const channel = new Channel<
    RenderRequests,
    RenderNotices,
    NoRequests,
    Pick<RenderEvents, 'progress'>
  >(worker, null, { progress: onProgress });
  worker.onerror = ({ message }) => channel.close(new SegmenterError('worker-failed', message));
  try {
    return await channel.request('preload', model, { signal });
  } finally {
    worker.terminate();
  }
}

/** Deletes all models that are kept. Where there is no cache there is nothing to delete. */
export async function clearModelCache(): Promise<void> {
  try {
    await Promise.all(Object.values(modelCacheNames).map((name) => caches.delete(name)));
  } catch {
    // Pages that are not a secure context, and sandboxed ones.
  }
}
