import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { build } from 'esbuild';
import { formatSizes, measureBytes, measureFile } from '../../tools/package/file-sizes.ts';
import { installedPackage } from './installed-package.ts';

const dist = join(installedPackage.folder, 'dist');

/** What each file may have, in bytes, compressed by gzip: a little more than it has. */
const budgets = {
  /** Our own JavaScript for the page; lit, which pages may have already, is not counted. */
  page: 15_000,
  files: {
    'void-segmenter.min.js': 20_700,
    'void-segmenter.render.js': 72_000,
    'void-segmenter.inference-wasm.js': 45_500,
    'void-segmenter.render-jspi.js': 110_500,
    'void-segmenter.render-asyncify.js': 111_500,
  },
  tarball: 16_000_000,
};

describe('sizes', () => {
  it('keep the JavaScript of the page within its budget', async () => {
    const { outputFiles } = await build({
      entryPoints: [join(dist, 'index.js')],
      bundle: true,
      format: 'esm',
      minify: true,
      external: ['lit', 'lit/*'],
      write: false,
    });
    const own = measureBytes('own, without lit', outputFiles[0]?.contents ?? new Uint8Array());
    console.log(`\n${formatSizes('bundler, page', [own])}\n`);
    assert.ok(own.rawBytes > 0);
    assertWithin(own.name, own.gzipBytes, budgets.page);
  });

  it('keep each script of the script-tag build within its budget', async () => {
    const names = readdirSync(dist).filter((name) => /^void-segmenter\..*\.js$/.test(name));
    const scripts = await Promise.all(names.map((name) => measureFile(name, join(dist, name))));
    console.log(`\n${formatSizes('script tag', scripts)}\n`);
    assert.deepEqual(scripts.map(({ name }) => name).sort(), Object.keys(budgets.files).sort());
    for (const [name, budgetBytes] of Object.entries(budgets.files)) {
      const gzipBytes = scripts.find((script) => script.name === name)?.gzipBytes ?? Infinity;
      assertWithin(name, gzipBytes, budgetBytes);
    }
  });

  it('keep the tarball within its budget', () => {
    const { packedBytes } = installedPackage;
    console.log(`\ntarball: ${packedBytes.toLocaleString('en-US')} bytes\n`);
    assertWithin('the tarball', packedBytes, budgets.tarball);
  });
});

function assertWithin(name: string, sizeBytes: number, budgetBytes: number): void {
  assert.ok(sizeBytes <= budgetBytes, `${name}: ${sizeBytes} bytes are over ${budgetBytes}`);
}
