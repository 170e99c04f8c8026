import { SegmenterError } from '../errors.ts';
import { maxExternalFiles, type ModelManifest } from './manifest.ts';
import { readOnnxHeader } from './onnx-header.ts';

/** Where a file with a model's weights is. */
export interface ExternalDataSource {
  /** As the model names it. */
  readonly path: string;
  readonly url: string;
  /** Subresource-Integrity hash, or empty. */
  readonly integrity: string;
}

/**
 * Works out which files a model wants beside it. They lie where the manifest says, else beside the model or in a folder there: a model
 * cannot have the page fetch from anywhere else.
 *
 * @param bytes - The `.onnx` file.
 * @param url - Where it came from.
 * @param manifestUrl - Against which the manifest's files resolve.
 * @throws SegmenterError `model-invalid` for names that lead elsewhere, or too many.
 */
export function locateExternalData(
  bytes: Uint8Array,
  url: string,
  manifest: ModelManifest | null,
  manifestUrl: string,
): ExternalDataSource[] {
  const externalFiles = readExternalFiles(bytes, url);
  if (externalFiles.size > maxExternalFiles) {
    throw new SegmenterError(
      'model-invalid',
      `${url} has its weights in ${externalFiles.size} other files; ${maxExternalFiles} at most are supported. Save it again with all external data in one file.`,
    );
  }
  return [...externalFiles].map((path) => {
    const entry = manifest?.externalData?.find((known) => known.path === path);
    return {
      path,
      url: entry?.file === undefined ? resolveBeside(path, url) : resolve(entry.file, manifestUrl),
      integrity: entry?.integrity ?? '',
    };
  });
}

/** What a damaged file is told when it is opened. */
function readExternalFiles(bytes: Uint8Array, url: string): ReadonlySet<string> {
  try {
    return readOnnxHeader(bytes, url).externalFiles;
  } catch {
    return new Set();
  }
}

function resolveBeside(path: string, url: string): string {
  const folder = resolve('.', url);
  const resolved = resolve(path, url);
  if (resolved.startsWith(folder)) return resolved;
  throw new SegmenterError(
    'model-invalid',
    `${url} has weights in "${path}", which is not beside it. Name the file under "externalData" of a manifest, or save the model again.`,
  );
}

function resolve(file: string, base: string): string {
  try {
    return new URL(file, base).href;
  } catch (error) {
    throw new SegmenterError('model-invalid', `"${file}" does not resolve against ${base}.`, {
      cause: error,
    });
  }
}
