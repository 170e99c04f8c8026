import { sharedNowMs } from '../util/clock.ts';
import { modelCacheNames } from '../util/model-cache-names.ts';
import type { DownloadedFile } from './download.ts';
import { validatorsOf, type Validators } from './http-validators.ts';

/** A file in the cache. */
export interface CachedFile {
  readonly validators: Validators;
  /** To be called once. */
  readonly read: () => Promise<Uint8Array<ArrayBuffer>>;
}

interface Use {
  readonly url: string;
  readonly sizeBytes: number;
  readonly usedAtMs: number;
}

/** More than this is not kept, however much room there is. */
const mostBytes = 2 ** 29;

/**
 * Keeps model files on the device, for all elements of all pages of an origin, until others need the room: those used least recently
 * go first. It is a help, not a promise: what the browser refuses or has deleted is downloaded again, and nothing here rejects.
 */
export class ModelCache {
  readonly #files: Cache;
  /**
   * An entry for each file. Files are not rewritten when they are used, as they may be large, and one entry for all would be written
   * by several workers at once.
   */
  readonly #uses: Cache;
  readonly #mostBytes: number;

  /**
   * @param limitBytes - Never keep more than this.
   * @returns null where there is no cache: in pages that are not a secure context, sandboxed ones, and private windows of some browsers.
   */
  static async open(limitBytes = mostBytes): Promise<ModelCache | null> {
    try {
      const files = await caches.open(modelCacheNames.files);
      return new ModelCache(files, await caches.open(modelCacheNames.uses), limitBytes);
    } catch {
      return null;
    }
  }

  private constructor(files: Cache, uses: Cache, limitBytes: number) {
    this.#files = files;
    this.#uses = uses;
    this.#mostBytes = limitBytes;
  }

  async find(url: string): Promise<CachedFile | null> {
    try {
      const response = await this.#files.match(url);
      if (!response) return null;
      const read = async (): Promise<Uint8Array<ArrayBuffer>> =>
        new Uint8Array(await response.arrayBuffer());
      return { validators: validatorsOf(response), read };
    } catch {
      return null;
    }
  }

  /** A file was used, and is the last to go. */
  async touch(url: string, sizeBytes: number): Promise<void> {
    const use: Omit<Use, 'url'> = { sizeBytes, usedAtMs: sharedNowMs() };
    await this.#uses.put(url, new Response(JSON.stringify(use))).catch(() => {});
  }

  /** Replaces the version before. */
  async keep(url: string, { bytes, validators }: DownloadedFile): Promise<void> {
    const { etag, lastModified } = validators;
    try {
      await this.#delete(url);
      if (!(await this.#makeRoom(bytes.byteLength))) return;
      const headers = new Headers();
      if (etag) headers.set('ETag', etag);
      if (lastModified) headers.set('Last-Modified', lastModified);
      await this.touch(url, bytes.byteLength);
      await this.#files.put(url, new Response(bytes, { headers }));
    } catch {
      // No room after all.
      await this.#delete(url).catch(() => {});
    }
  }

  async #makeRoom(sizeBytes: number): Promise<boolean> {
    const uses = await this.#readUses();
    let keptBytes = uses.reduce((sum, use) => sum + use.sizeBytes, 0);
    const budgetBytes = Math.min(this.#mostBytes, budgetFor(await estimate(), keptBytes));
    if (sizeBytes > budgetBytes) return false;
    for (const use of uses.sort((a, b) => a.usedAtMs - b.usedAtMs)) {
      if (keptBytes + sizeBytes <= budgetBytes) break;
      await this.#delete(use.url);
      keptBytes -= use.sizeBytes;
    }
    return true;
  }

  async #readUses(): Promise<Use[]> {
    const uses: Use[] = [];
    for (const request of await this.#uses.keys()) {
      const use = (await (await this.#uses.match(request))?.json()) as Omit<Use, 'url'> | undefined;
      if (use) uses.push({ ...use, url: request.url });
    }
    return uses;
  }

  async #delete(url: string): Promise<void> {
    await this.#files.delete(url);
    await this.#uses.delete(url);
  }
}

async function estimate(): Promise<StorageEstimate> {
  // Safari has had it since version 17.
  const { storage } = navigator as { storage?: Partial<StorageManager> };
  return (await storage?.estimate?.()) ?? {};
}

/**
 * Models may take a quarter of what the browser would still give this origin, with what they have: the rest is the page's. Where that
 * is not told the browser's own refusal is the limit.
 *
 * @param keptBytes - What models have now.
 */
export function budgetFor({ quota, usage = 0 }: StorageEstimate, keptBytes: number): number {
  if (quota === undefined) return Infinity;
  return Math.max(0, quota - usage + keptBytes) / 4;
}
