/** `npm run sizes`: the files of the script-tag build, and what a first visit transfers until its first mask. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchChrome } from '../launch-chrome.ts';
import { startOrigin } from '../origin.ts';
import { sampleClip } from '../sample-clip.ts';
import { createPage, firstMask } from './browser.ts';
import { formatSizes, measureFile } from './file-sizes.ts';

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const media = dirname(sampleClip);

/** Opens a page in a browser that has seen nothing yet, and returns what it fetched, in order. */
async function visit(backend: string): Promise<ReadonlyMap<string, number>> {
  const sentBytes = new Map<string, number>();
  const attributes = `src="/media/cap12_edit.webm" backend="${backend}"`;
  const site = await startOrigin({
    folders: { '/media/': media, '/dist/': dist },
    pages: { '/index.html': createPage('/dist/void-segmenter.min.js', attributes) },
    gzip: true,
    onSent: (path, sizeBytes) => sentBytes.set(path, (sentBytes.get(path) ?? 0) + sizeBytes),
  });
  const browser = await launchChrome();
  try {
    const page = await browser.newPage();
    await page.goto(`${site.url}/index.html`);
    await firstMask(page);
    return sentBytes;
  } finally {
    await browser.close();
    site.close();
  }
}

if (!existsSync(join(dist, 'void-segmenter.min.js'))) {
  throw new Error('There is no dist to measure. Run "npm run build" first.');
}
const names = readdirSync(dist).filter((name) => /^(void-segmenter|ort)/.test(name));
const files = await Promise.all(names.map((name) => measureFile(name, join(dist, name))));
console.log(formatSizes('bytes of the script-tag build', files));

for (const backend of ['wasm', 'webgpu']) {
  const sentBytes = await visit(backend);
  console.log(`\nfirst visit with backend="${backend}", until the first mask, gzip, bytes`);
  const total = [...sentBytes.values()].reduce((sum, bytes) => sum + bytes, 0);
  for (const [path, bytes] of [...sentBytes, ['together, without the video', total] as const]) {
    console.log(`  ${path.padEnd(48)}${bytes.toLocaleString('en-US').padStart(12)}`);
  }
}
