import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { build } from 'esbuild';
import { formatSizes, measureBytes, measureFile } from '../../tools/package/file-sizes.ts';
import { installedPackage } from './installed-package.ts';

const dist = join(installedPackage.folder, 'dist');

/** Our own JavaScript for the page, compressed; lit, which pages may have already, is not counted. */
const budgetBytes = 15 * 1024;

describe('sizes', () => {
  it('keep the JavaScript of the page within its budget', async () => {
    const names = readdirSync(dist).filter((name) => /^(void-segmenter|ort)/.test(name));
    const files = await Promise.all(names.map((name) => measureFile(name, join(dist, name))));
    const { outputFiles } = await build({
      entryPoints: [join(dist, 'index.js')],
      bundle: true,
      format: 'esm',
      minify: true,
      external: ['lit', 'lit/*'],
      write: false,
    });
    const own = measureBytes('own, without lit', outputFiles[0]?.contents ?? new Uint8Array());
    console.log(
      `\n${formatSizes('script tag', files)}\n\n${formatSizes('bundler, page', [own])}\n`,
    );
    assert.ok(own.rawBytes > 0);
    assert.ok(own.gzipBytes <= budgetBytes, `${own.gzipBytes} bytes are over ${budgetBytes}`);
  });
});
