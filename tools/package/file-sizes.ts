import { readFile } from 'node:fs/promises';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** Sizes of a file, in bytes. */
export interface FileSizes {
  readonly name: string;
  readonly rawBytes: number;
  readonly gzipBytes: number;
  readonly brotliBytes: number;
}

/** Brotli's best takes minutes for ONNX Runtime's files. */
const bigBytes = 1 << 20;

export async function measureFile(name: string, path: string): Promise<FileSizes> {
  return measureBytes(name, await readFile(path));
}

export function measureBytes(name: string, bytes: Uint8Array): FileSizes {
  const isBig = bytes.byteLength > bigBytes;
  const quality = { [constants.BROTLI_PARAM_QUALITY]: isBig ? 5 : 11 };
  return {
    name,
    rawBytes: bytes.byteLength,
    gzipBytes: gzipSync(bytes, { level: isBig ? 6 : 9 }).byteLength,
    brotliBytes: brotliCompressSync(bytes, { params: quality }).byteLength,
  };
}

/** A table with a line a file and, unless there is one only, their sum. */
export function formatSizes(title: string, files: readonly FileSizes[]): string {
  const sum = (pick: (file: FileSizes) => number): number =>
    files.reduce((total, file) => total + pick(file), 0);
  const total: FileSizes = {
    name: 'together',
    rawBytes: sum((file) => file.rawBytes),
    gzipBytes: sum((file) => file.gzipBytes),
    brotliBytes: sum((file) => file.brotliBytes),
  };
  const width = Math.max(title.length, ...files.map(({ name }) => name.length));
  const cell = (value: number | string): string => value.toLocaleString('en-US').padStart(12);
  const lines = [...files, ...(files.length > 1 ? [total] : [])].map(
    ({ name, rawBytes, gzipBytes, brotliBytes }) =>
      name.padEnd(width) + cell(rawBytes) + cell(gzipBytes) + cell(brotliBytes),
  );
  return [title.padEnd(width) + cell('raw') + cell('gzip') + cell('brotli'), ...lines].join('\n');
}
