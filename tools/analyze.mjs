/** Makes custom-elements.json from the doc comments; with `--check` compares it with the committed one. */
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { cli } from '@custom-elements-manifest/analyzer/cli.js';

const path = fileURLToPath(new URL('../custom-elements.json', import.meta.url));
const manifest = await cli({ argv: ['analyze', '--quiet'], noWrite: true });
const text = `${JSON.stringify(manifest, null, 2)}\n`;

if (!process.argv.includes('--check')) {
  await writeFile(path, text);
} else if ((await readFile(path, 'utf8').catch(() => '')) !== text) {
  console.error('custom-elements.json is stale. Run "npm run analyze" and commit the result.');
  process.exitCode = 1;
}
