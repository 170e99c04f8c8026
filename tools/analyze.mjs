/** Makes custom-elements.json from the doc comments, and types from that; with `--check` compares them with the committed ones. */
import { readFile, writeFile } from 'node:fs/promises';
import { cli } from '@custom-elements-manifest/analyzer/cli.js';
import { createSurfaceTypes } from './surface-types.mjs';

const manifest = await cli({ argv: ['analyze', '--quiet'], noWrite: true });
const files = {
  'custom-elements.json': `${JSON.stringify(manifest, null, 2)}\n`,
  'src/types/surface.ts': await createSurfaceTypes(manifest),
};

for (const [path, text] of Object.entries(files)) {
  const url = new URL(`../${path}`, import.meta.url);
  if (!process.argv.includes('--check')) {
    await writeFile(url, text);
  } else if ((await readFile(url, 'utf8').catch(() => '')) !== text) {
    console.error(`${path} is stale. Run "npm run analyze" and commit the result.`);
    process.exitCode = 1;
  }
}
