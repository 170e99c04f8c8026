import { SegmenterError } from '../errors.ts';
import type { ModelRequest } from '../protocol/messages.ts';
import type { ModelOptions } from '../model-options.ts';
import { locateExternalData } from './external-data.ts';
import { FieldError } from './fields.ts';
import { verifyIntegrity } from './integrity.ts';
import { parseManifest, type ModelManifest } from './manifest.ts';

/** A downloaded model. */
export interface ModelFile {
  /** What the manifest says; null if there is none. */
  readonly manifest: ModelManifest | null;
  /** What the page says. Not checked yet. */
  readonly options?: ModelOptions | undefined;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the bytes came from. */
  readonly url: string;
  /** Weights that are not in the file. */
  readonly externalData: readonly ExternalData[];
}

/** A file that a model wants beside it. */
export interface ExternalData {
  /** As the model names it. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
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
  const named = isManifest ? await fetchManifest(request.url, signal) : null;
  const url = request.fileUrl || (named ? resolveFile(named, request.url) : request.url);
  const [bytes, beside] = await Promise.all([
    download(url, onProgress, signal),
    isManifest ? null : findManifestBeside(url, signal),
  ]);
  const manifest = named ?? beside;
  // First, as a page in the model's place would be told as a wrong hash.
  assertLooksLikeOnnx(bytes, url);
  await verifyIntegrity(bytes, request.integrity || (manifest?.integrity ?? ''), url);
  const sources = locateExternalData(bytes, url, manifest, request.url);
  const externalData: ExternalData[] = [];
  for (const { path, url: source, integrity } of sources) {
    const data = await download(source, onProgress, signal);
    await verifyIntegrity(data, integrity, source);
    externalData.push({ path, bytes: data });
  }
  return { manifest, options: request.options, bytes, url, externalData };
}

function resolveFile({ file }: ModelManifest, base: string): string {
  if (file === undefined) return withExtension(base, '.json', '.onnx');
  try {
    return new URL(file, base).href;
  } catch (error) {
    throw new SegmenterError(
      'model-invalid',
      `The manifest's "file" is "${file}", which does not resolve against ${base}. Name an absolute URL there.`,
      { cause: error },
    );
  }
}

/** The URL with another extension to its path. */
function withExtension(url: string, from: string, to: string): string {
  const changed = new URL(url);
  changed.pathname = changed.pathname.slice(0, -from.length) + to;
  return changed.href;
}

/**
 * The manifest that lies beside a model: `model.json` for `model.onnx`. null if there is none, or it is of another file: most models
 * have none, and servers answer unknown paths with whatever they like.
 */
async function findManifestBeside(url: string, signal: AbortSignal): Promise<ModelManifest | null> {
  if (!new URL(url).pathname.endsWith('.onnx')) return null;
  const manifestUrl = withExtension(url, '.onnx', '.json');
  let json: unknown;
  try {
    const response = await fetch(manifestUrl, { signal });
    if (!response.ok) return null;
    json = await response.json();
  } catch {
    signal.throwIfAborted();
    return null;
  }
  const manifest = checkManifest(json, manifestUrl);
  return resolveFile(manifest, manifestUrl) === url ? manifest : null;
}

async function fetchManifest(url: string, signal: AbortSignal): Promise<ModelManifest> {
  const text = new TextDecoder().decode(await download(url, () => {}, signal));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const found = text.trimStart().startsWith('<') ? 'an HTML page' : 'something else';
    throw new SegmenterError(
      'model-invalid',
      `The model manifest ${url} should be JSON but is ${found}. Check the URL and that the server does not answer unknown paths with a page.`,
      { cause: error },
    );
  }
  return checkManifest(json, url);
}

function checkManifest(json: unknown, url: string): ModelManifest {
  try {
    return parseManifest(json);
  } catch (error) {
    const reason = error instanceof FieldError ? error.message : String(error);
    throw new SegmenterError('model-invalid', `The model manifest ${url}: ${reason}`, {
      cause: error,
    });
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
