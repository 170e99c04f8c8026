import { SegmenterError } from '../errors.ts';
import type { ModelRequest } from '../protocol/messages.ts';
import { verifyIntegrity } from './integrity.ts';
import { ManifestError, parseManifest, type ModelManifest } from './manifest.ts';

/** A downloaded model. */
export interface ModelFile {
  /** What the manifest says; null if the request named the `.onnx` file itself. */
  readonly manifest: ModelManifest | null;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the bytes came from. */
  readonly url: string;
}

/** Bytes so far and in all (0 while unknown: the server said nothing, or compressed the file). */
export type OnProgress = (progress: { loaded: number; total: number; asset: string }) => void;

/**
 * Downloads a model, by way of its manifest if the URL ends in `.json`, and checks that it is what it claims to be.
 * Rejects with `model-fetch`, `model-integrity`, `model-invalid`, or `AbortError`.
 */
export async function loadModelFile(
  request: ModelRequest,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<ModelFile> {
  const isManifest = new URL(request.url).pathname.endsWith('.json');
  const manifest = isManifest ? await fetchManifest(request.url, signal) : null;
  const url = request.fileUrl || (manifest ? resolveFile(manifest, request.url) : request.url);
  const bytes = await download(url, onProgress, signal);
  // First, as a page in the model's place would be told as a wrong hash.
  assertLooksLikeOnnx(bytes, url);
  await verifyIntegrity(bytes, request.integrity || (manifest?.integrity ?? ''), url);
  return { manifest, bytes, url };
}

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

async function fetchManifest(url: string, signal: AbortSignal): Promise<ModelManifest> {
  const text = new TextDecoder().decode(await download(url, () => {}, signal));
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

async function download(
  url: string,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetch(url, { signal });
    if (!response.ok) {
      throw new SegmenterError(
        'model-fetch',
        `${url} answered ${response.status} ${response.statusText}`.trimEnd() +
          '. Check the `model` and `asset-base` URLs.',
      );
    }
    return await readBody(response, url, onProgress);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SegmenterError) throw error;
    throw new SegmenterError(
      'model-fetch',
      `${url} could not be downloaded. Check the URL and the connection; from another origin the server must send Access-Control-Allow-Origin.`,
      { cause: error },
    );
  }
}

async function readBody(
  response: Response,
  url: string,
  onProgress: OnProgress,
): Promise<Uint8Array<ArrayBuffer>> {
  // With a Content-Encoding, Content-Length counts compressed bytes and the stream gives plain ones.
  const isPlain = !response.headers.has('Content-Encoding');
  const total = isPlain ? Number(response.headers.get('Content-Length') ?? 0) : 0;
  const asset = new URL(url).pathname.split('/').at(-1) ?? url;
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  onProgress({ loaded, total, asset });
  if (response.body) {
    const reader = response.body.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      chunks.push(next.value);
      loaded += next.value.byteLength;
      // From another origin the encoding is hidden, and the length then too small.
      onProgress({ loaded, total: loaded > total ? 0 : total, asset });
    }
  }
  const bytes = new Uint8Array(loaded);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
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
