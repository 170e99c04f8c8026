import { SegmenterError } from '../errors.ts';
import type { ModelRequest } from '../protocol/messages.ts';
import type { ModelOptions } from '../model-options.ts';
import type { SizeLimit } from './download.ts';
import { locateExternalData } from './external-data.ts';
import { fetchFile, mostTries } from './fetch-file.ts';
import { FieldError } from './fields.ts';
import { verifyIntegrity } from './integrity.ts';
import { parseManifest, type DecoderEntry, type ModelManifest } from './manifest.ts';
import { ModelCache } from './model-cache.ts';

/** A downloaded model. */
export interface ModelFile extends OnnxFile {
  /** What the manifest says; null if there is none. */
  readonly manifest: ModelManifest | null;
  /** What the page says. Not checked yet. */
  readonly options?: ModelOptions | undefined;
  /** Of a promptable model: what makes masks of prompts. The model itself is the encoder of pictures then. */
  readonly decoder?: OnnxFile | undefined;
}

/** An `.onnx` file, with what it wants beside it. */
export interface OnnxFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the bytes came from. */
  readonly url: string;
  /** Weights that are not in the file. */
  readonly externalData: readonly ExternalData[];
}

/** Size of all its files, in bytes. */
export function countBytes({ decoder, ...file }: ModelFile): number {
  return [file, ...(decoder ? [decoder] : [])]
    .flatMap(({ bytes, externalData }) => [{ bytes }, ...externalData])
    .reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
}

/** A file that a model wants beside it. */
export interface ExternalData {
  /** As the model names it. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
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
  // A bundler may have made a manifest, as a small file, into a `data:` URL, which has no name to tell it by.
  const isManifest = request.fileUrl !== '' || new URL(request.url).pathname.endsWith('.json');
  const named = isManifest ? await fetchManifest(request.url, signal) : null;
  const url = request.fileUrl || (named ? resolveFile(named, request.url) : request.url);
  const finding = named ? Promise.resolve(named) : findManifestBeside(url, signal);
  // Told where it is waited for.
  finding.catch(() => {});
  const bytes = await fetchModel(url, request.integrity || (named?.integrity ?? ''), {
    expectedBytes: named?.bytes ?? 0,
    onProgress,
    signal,
    accept: async (file) => {
      // First, as a page in the model's place would be told as a wrong hash.
      assertLooksLikeOnnx(file, url);
      const manifest = await finding;
      await verifyIntegrity(file, request.integrity || (manifest?.integrity ?? ''), url);
    },
  });
  const manifest = await finding;
  const base = { manifest, url: request.url };
  const externalData = await loadExternalData(bytes, url, base, onProgress, signal);
  const model = { manifest, options: request.options, bytes, url, externalData };
  return manifest?.decoder
    ? { ...model, decoder: await loadDecoder(manifest.decoder, base, onProgress, signal) }
    : model;
}

/** Against which further files resolve. */
interface ManifestBase {
  readonly manifest: ModelManifest | null;
  readonly url: string;
}

async function loadExternalData(
  bytes: Uint8Array,
  url: string,
  base: ManifestBase,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<ExternalData[]> {
  const externalData: ExternalData[] = [];
  const sources = locateExternalData(bytes, url, base.manifest, base.url);
  for (const { path, url: source, integrity } of sources) {
    const data = await fetchModel(source, integrity, {
      expectedBytes: 0,
      onProgress,
      signal,
      accept: (file) => verifyIntegrity(file, integrity, source),
    });
    externalData.push({ path, bytes: data });
  }
  return externalData;
}

async function loadDecoder(
  { file, integrity = '', bytes: expectedBytes = 0 }: DecoderEntry,
  base: ManifestBase,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<OnnxFile> {
  const url = resolveAgainst(base.url, 'decoder.file', file);
  const bytes = await fetchModel(url, integrity, {
    expectedBytes,
    onProgress,
    signal,
    accept: async (found) => {
      assertLooksLikeOnnx(found, url);
      await verifyIntegrity(found, integrity, url);
    },
  });
  const externalData = await loadExternalData(bytes, url, base, onProgress, signal);
  return { bytes, url, externalData };
}

interface Fetching {
  readonly expectedBytes: number;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
  readonly accept: (file: Uint8Array<ArrayBuffer>) => Promise<void>;
}

/** @param integrity - Known beforehand, or empty. */
function fetchModel(
  url: string,
  integrity: string,
  { expectedBytes, onProgress, signal, accept }: Fetching,
): Promise<Uint8Array<ArrayBuffer>> {
  const asset = new URL(url).pathname.split('/').at(-1) ?? url;
  return fetchFile({
    url,
    limit: modelLimit,
    expectedBytes,
    isPinned: integrity !== '',
    onBytes: (loaded, total) => onProgress({ loaded, total, asset }),
    signal,
    accept: async (file) => {
      await accept(file);
      return file;
    },
  });
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

function resolveFile({ file }: ModelManifest, base: string): string {
  if (file === undefined) return withExtension(base, '.json', '.onnx');
  return resolveAgainst(base, 'file', file);
}

function resolveAgainst(base: string, field: string, file: string): string {
  try {
    return new URL(file, base).href;
  } catch (error) {
    throw new SegmenterError(
      'model-invalid',
      `The manifest's "${field}" is "${file}", which does not resolve against ${base}. Name an absolute URL there.`,
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
    json = await fetchJson(manifestUrl, 1, signal, (bytes) => JSON.parse(toText(bytes)) as unknown);
  } catch {
    signal.throwIfAborted();
    return null;
  }
  const manifest = checkManifest(json, manifestUrl);
  return resolveFile(manifest, manifestUrl) === url ? manifest : null;
}

function fetchManifest(url: string, signal: AbortSignal): Promise<ModelManifest> {
  return fetchJson(url, mostTries, signal, (bytes) => readManifest(bytes, url));
}

function fetchJson<T>(
  url: string,
  tries: number,
  signal: AbortSignal,
  accept: (bytes: Uint8Array) => T,
): Promise<T> {
  return fetchFile({
    url,
    tries,
    limit: manifestLimit,
    expectedBytes: 0,
    isPinned: false,
    onBytes: () => {},
    signal,
    accept,
  });
}

function toText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function readManifest(bytes: Uint8Array, url: string): ModelManifest {
  const text = toText(bytes);
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
