/** `npm run sizes`: the files of the script-tag build, and what a first visit transfers until its first mask, and when. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchChrome } from '../launch-chrome.ts';
import { startOrigin } from '../origin.ts';
import { sampleClip } from '../sample-clip.ts';
import { SlowLink } from '../slow-link.ts';
import { createPage, firstMask } from './browser.ts';
import { formatSizes, measureFile } from './file-sizes.ts';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const media = dirname(sampleClip);

/** What Chrome's developer tools call fast 4G. */
const roundTripMs = 165;
const bytesPerSecond = 1_012_500;

/** By backend, the file that a page may have loaded before the element's script has come; docs/script-tag.md. */
const wasmFiles: Readonly<Record<string, string>> = {
  wasm: 'ort-wasm-simd-threaded.wasm',
  webgpu: 'ort-wasm-simd-threaded.jspi.wasm',
};

interface Fetched {
  sizeBytes: number;
  /** Since the page was asked for, in milliseconds. */
  askedMs: number;
  arrivedMs: number;
}

interface Visit {
  /** By path, in the order in which they were asked for. */
  readonly files: ReadonlyMap<string, Fetched>;
  readonly firstMaskMs: number;
}

/** Opens a page in a browser that has seen nothing yet. */
async function visit(backend: string, hint: string): Promise<Visit> {
  const files = new Map<string, Fetched>();
  const attributes = `src="/media/cap12_edit.webm" backend="${backend}"`;
  let startedMs = 0;
  const since = (): number => Math.round(performance.now() - startedMs);
  const site = await startOrigin({
    folders: { '/media/': media, '/dist/': dist },
    pages: { '/index.html': createPage('/dist/void-segmenter.min.js', attributes, hint) },
    headers: { 'Cache-Control': 'max-age=600' },
    gzip: true,
    link: new SlowLink(roundTripMs, bytesPerSecond),
    onAsked: (path) => {
      if (path.startsWith('/media/') || files.has(path)) return;
      files.set(path, { sizeBytes: 0, askedMs: since(), arrivedMs: 0 });
    },
    onSent: (path, sizeBytes) => {
      const file = files.get(path);
      if (!file) throw new Error(`${path} was sent and not asked for.`);
      file.sizeBytes += sizeBytes;
      file.arrivedMs = since();
    },
  });
  const browser = await launchChrome();
  try {
    const page = await browser.newPage();
    startedMs = performance.now();
    await page.goto(`${site.url}/index.html`);
    await firstMask(page);
    return { files, firstMaskMs: since() };
  } finally {
    await browser.close();
    site.close();
  }
}

function formatVisit(title: string, { files, firstMaskMs }: Visit): string {
  const cell = (value: number | string): string => value.toLocaleString('en-US').padStart(12);
  const line = (name: string, ...values: (number | string)[]): string =>
    `  ${name.padEnd(48)}${values.map(cell).join('')}`;
  const total = [...files.values()].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return [
    `\n${title}`,
    line('', 'gzip, bytes', 'asked, ms', 'there, ms'),
    ...[...files].map(([path, { sizeBytes, askedMs, arrivedMs }]) =>
      line(path, sizeBytes, askedMs, arrivedMs),
    ),
    line('together, without the video', total, '', firstMaskMs),
  ].join('\n');
}

if (!existsSync(join(dist, 'void-segmenter.min.js'))) {
  throw new Error('There is no dist to measure. Run "npm run build" first.');
}
const names = readdirSync(dist).filter((name) => /^(void-segmenter|ort)/.test(name));
const files = await Promise.all(names.map((name) => measureFile(name, join(dist, name))));
console.log(formatSizes('bytes of the script-tag build', files));

console.log(
  `\nFirst visits until the first mask, ${roundTripMs} ms a round trip, ${bytesPerSecond} bytes a second.`,
);
for (const [backend, wasmFile] of Object.entries(wasmFiles)) {
  const hint = `<link rel="preload" as="fetch" crossorigin href="/dist/${wasmFile}" />`;
  console.log(formatVisit(`backend="${backend}"`, await visit(backend, '')));
  console.log(formatVisit(`backend="${backend}", wasm preloaded`, await visit(backend, hint)));
}
