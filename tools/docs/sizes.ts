import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { measureFile, type FileSizes } from '../package/file-sizes.ts';

const page = ['void-segmenter.min.js'];
const model = ['models/selfie.json', 'models/selfie.onnx'];

/** What a page with a video of 4:3 loads from `dist` until its first mask; `npm run sizes` watches browsers do so. */
export const visits: Readonly<Record<string, readonly string[]>> = {
  WebAssembly: [
    ...page,
    'void-segmenter.render.js',
    'void-segmenter.inference-wasm.js',
    'ort-wasm-simd-threaded.wasm',
    ...model,
  ],
  'WebGPU, browsers with JSPI': [
    ...page,
    'void-segmenter.render-jspi.js',
    'ort-wasm-simd-threaded.jspi.wasm',
    ...model,
  ],
  'WebGPU, other browsers': [
    ...page,
    'void-segmenter.render-asyncify.js',
    'ort-wasm-simd-threaded.asyncify.wasm',
    ...model,
  ],
};

/** Sizes of the script-tag build as Markdown: each file once, and what a first visit comes to. */
export async function describeSizes(dist: string): Promise<string> {
  const names = [...new Set(Object.values(visits).flat())];
  const missing = names.find((name) => !existsSync(join(dist, name)));
  if (missing) throw new Error(`There is no dist/${missing}. Run "npm run build" first.`);
  const files = await Promise.all(names.map((name) => measureFile(name, join(dist, name))));
  const sizes = new Map(files.map((file) => [file.name, file]));
  const sums = Object.entries(visits).map(([name, parts]) =>
    sum(
      name,
      parts.map((part) => sizes.get(part) as FileSizes),
    ),
  );
  return [
    ...table('a first visit, until its first mask', sums, (name) => name),
    '',
    ...table('file', files, (name) => `\`${name}\``),
  ].join('\n');
}

function sum(name: string, files: readonly FileSizes[]): FileSizes {
  const add = (pick: (file: FileSizes) => number): number =>
    files.reduce((total, file) => total + pick(file), 0);
  return {
    name,
    rawBytes: add((file) => file.rawBytes),
    gzipBytes: add((file) => file.gzipBytes),
    brotliBytes: add((file) => file.brotliBytes),
  };
}

function table(
  title: string,
  files: readonly FileSizes[],
  label: (name: string) => string,
): string[] {
  return [
    `| ${title} | raw, kB | gzip, kB | brotli, kB |`,
    '| --- | ---: | ---: | ---: |',
    ...files.map(
      ({ name, rawBytes, gzipBytes, brotliBytes }) =>
        `| ${label(name)} | ${[rawBytes, gzipBytes, brotliBytes].map(kilobytes).join(' | ')} |`,
    ),
  ];
}

function kilobytes(bytes: number): string {
  return (bytes / 1000).toLocaleString('en-US', {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
}
