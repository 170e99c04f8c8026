import { SegmenterError } from '../errors.ts';
import type { ModelRequest } from '../protocol/messages.ts';
import type { SizeLimit } from './download.ts';
import { fetchFile } from './fetch-file.ts';
import { verifyIntegrity } from './integrity.ts';
import { ModelCache } from './model-cache.ts';
import { ManifestError, parseManifest, type ModelManifest } from './manifest.ts';

/** A downloaded model. */
export interface ModelFile {
  /** What the manifest says; null if the request named the `.onnx` file itself. */
  readonly manifest: ModelManifest | null;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the bytes came from. */
  readonly url: string;
}

/** Bytes so far and in all (0 while unknown: nobody said, or the server compressed the file). */
export type OnProgress = (progress: { loaded: number; total: number; asset: string }) => void;

/**
 * Gets a model, by way of its manifest if the URL ends in `.json`, from the cache or the network, and checks that it is what it
 * claims to be. Progress begins at 0 and ends at the total.
 * Rejects with `model-fetch`, `model-integrity`, `model-invalid`, `model-unsupported` (too large), or `AbortError`.
 */
export async function loadModelFile(
  request: ModelRequest,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<ModelFile> {
  const isManifest = new URL(request.url).pathname.endsWith('.json');
  const manifest = isManifest ? await fetchManifest(request.url, signal) : null;
  const url = request.fileUrl || (manifest ? resolveFile(manifest, request.url) : request.url);
  const integrity = request.integrity || (manifest?.integrity ?? '');
  const asset = new URL(url).pathname.split('/').at(-1) ?? url;
  const bytes = await fetchFile({
    url,
    limit: modelLimit,
    expectedBytes: manifest?.bytes ?? 0,
    isPinned: integrity !== '',
    onBytes: (loaded, total) => onProgress({ loaded, total, asset }),
    signal,
    accept: async (file) => {
      // First, as a page in the model's place would be told as a wrong hash.
      assertLooksLikeOnnx(file, url);
      await verifyIntegrity(file, integrity, url);
      return file;
    },
  });
  return { manifest, bytes, url };
}

/**
 * Downloads a model into the cache, for later.
 * Rejects as {@link loadModelFile} does.
 *
 * @returns Whether it is there now. Where there is no cache, or no room, it was downloaded in vain.
 */
export async function preloadModelFile(
  request: ModelRequest,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<boolean> {
  const { url } = await loadModelFile(request, onProgress, signal);
  const cache = await ModelCache.open();
  return cache !== null && (await cache.find(url)) !== null;
}

/** ONNX Runtime copies the file several times into a memory of 4 GiB. */
const modelLimit: SizeLimit = {
  bytes: 2 ** 30,
  explain: (url) =>
    new SegmenterError(
      'model-unsupported',
      `${url} has more than 1 GiB, the most that a model may have here. Store its weights as float16, or use a smaller model.`,
    ),
};

const manifestLimit: SizeLimit = {
  bytes: 2 ** 20,
  explain: (url) =>
    new SegmenterError(
      'model-invalid',
      `The model manifest ${url} has more than 1 MiB, the most that a manifest may have. Check that the URL is the manifest's, not the model's.`,
    ),
};

function resolveFile(manifest: ModelManifest, base: string): string {
  try {
    return new URL(manifest.file, base).href;
  } catch (error) {
    throw new SegmenterError(
      'model-invalid',
      `The manifest's "file" is "${manifest.file}", which does not resolve against ${base}. Name an absolute URL there.`,
      { cause: error },
    );
  }
}

function fetchManifest(url: string, signal: AbortSignal): Promise<ModelManifest> {
  return fetchFile({
    url,
    limit: manifestLimit,
    expectedBytes: 0,
    isPinned: false,
    onBytes: () => {},
    signal,
    accept: (bytes) => readManifest(bytes, url),
  });
}

function readManifest(bytes: Uint8Array, url: string): ModelManifest {
  const text = new TextDecoder().decode(bytes);
  try {
    return parseManifest(JSON.parse(text) as unknown);
  } catch (error) {
    if (error instanceof ManifestError) {
      throw new SegmenterError('model-invalid', `The model manifest ${url}: ${error.message}`, {
        cause: error,
      });
    }
    const found = text.trimStart().startsWith('<') ? 'an HTML page' : 'something else';
    throw new SegmenterError(
      'model-invalid',
      `The model manifest ${url} should be JSON but is ${found}. Check the URL and that the server does not answer unknown paths with a page.`,
      { cause: error },
    );
  }
}

/** An ONNX file opens with its first field, `ir_version`: tag 0x08 and a small number. */
function assertLooksLikeOnnx(bytes: Uint8Array, url: string): void {
  if (bytes[0] === 0x08) return;
  const start = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart();
  let found = 'does not begin as an ONNX model does';
  if (bytes.length === 0) found = 'is empty';
  else if (start.startsWith('<')) found = 'is an HTML page, not an ONNX model';
  else if (start.startsWith('version https://git-lfs')) {
    found = 'is a Git LFS pointer, not the model itself';
  }
  throw new SegmenterError(
    'model-invalid',
    `${url} ${found}. Check the URL, and that the server does not answer unknown paths with a page.`,
  );
}
