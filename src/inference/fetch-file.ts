import { decodeDataUrl } from '../util/decode-data-url.ts';
import {
  download,
  UnreachableError,
  type DownloadedFile,
  type DownloadOptions,
} from './download.ts';
import { ModelCache, type CachedFile } from './model-cache.ts';

/** A file to get from the cache or the network. */
export interface FileRequest<T> extends Pick<
  DownloadOptions,
  'limit' | 'expectedBytes' | 'onBytes' | 'signal'
> {
  readonly url: string;
  /** How often at most to ask for it; {@link mostTries} by default. */
  readonly tries?: number;
  /** Whether `accept` takes one version alone, as it does with a hash. Others are asked for whether they are still the newest. */
  readonly isPinned: boolean;
  /** Makes of the bytes what the caller wants. What it rejects is neither used nor kept. */
  readonly accept: (bytes: Uint8Array<ArrayBuffer>) => T | Promise<T>;
}

export const mostTries = 5;

/**
 * Gets a file from the cache, if it is there and the newest or nobody can tell, else from the network. Of several that want the same
 * file, in whichever workers or pages, one downloads it and the others wait.
 * Rejects as {@link download} does, and with what `accept` throws.
 */
export async function fetchFile<T>(request: FileRequest<T>): Promise<T> {
  const { url, signal } = request;
  const inlined = decodeDataUrl(url);
  if (inlined) return useHeld(inlined, request);
  // It takes no blob: and data: URLs.
  const cache = /^https?:/.test(url) ? await ModelCache.open() : null;
  if (!cache) return fetchAnew(request, null);
  const work = (): Promise<T> => fetchThrough(cache, request);
  // Browsers older than locks download it once each.
  const { locks } = navigator as { locks?: LockManager };
  return locks ? locks.request(`void-segmenter ${url}`, { signal }, work) : work();
}

async function fetchThrough<T>(cache: ModelCache, request: FileRequest<T>): Promise<T> {
  const cached = await cache.find(request.url);
  if (!cached) return fetchAnew(request, cache);
  if (!request.isPinned) return fetchIfNewer(cache, cached, request);
  try {
    return await useCached(cache, await cached.read(), request);
  } catch {
    // That is another version, or cannot be read.
    return fetchAnew(request, cache);
  }
}

async function fetchAnew<T>(request: FileRequest<T>, cache: ModelCache | null): Promise<T> {
  const file = await download(request.url, { ...request, tries: request.tries ?? mostTries });
  const result = await request.accept(file.bytes);
  await cache?.keep(request.url, file);
  return result;
}

async function fetchIfNewer<T>(
  cache: ModelCache,
  cached: CachedFile,
  request: FileRequest<T>,
): Promise<T> {
  const file = await downloadIfNewer(request, cached);
  if (!file) {
    const bytes = await cached.read().catch(() => null);
    return bytes ? useCached(cache, bytes, request) : fetchAnew(request, cache);
  }
  const result = await request.accept(file.bytes);
  await cache.keep(request.url, file);
  return result;
}

/** Who is offline wants what there is, and at once. */
async function downloadIfNewer(
  request: FileRequest<unknown>,
  { validators }: CachedFile,
): Promise<DownloadedFile | null> {
  try {
    return await download(request.url, { ...request, known: validators, tries: 1 });
  } catch (error) {
    if (error instanceof UnreachableError) return null;
    throw error;
  }
}

async function useCached<T>(
  cache: ModelCache,
  bytes: Uint8Array<ArrayBuffer>,
  request: FileRequest<T>,
): Promise<T> {
  const { byteLength } = bytes;
  const result = await useHeld(bytes, request);
  await cache.touch(request.url, byteLength);
  return result;
}

/** What needs no download tells progress as if it did. */
async function useHeld<T>(
  bytes: Uint8Array<ArrayBuffer>,
  { accept, onBytes }: FileRequest<T>,
): Promise<T> {
  const { byteLength } = bytes;
  const result = await accept(bytes);
  onBytes(0, byteLength);
  onBytes(byteLength, byteLength);
  return result;
}
