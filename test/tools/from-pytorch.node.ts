import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';

import { parseManifest } from '../../src/inference/manifest.ts';

it('reads every field of the manifest that docs/models.md shows for a model from PyTorch', async () => {
  const page = await readFile(new URL('../../docs/models.md', import.meta.url), 'utf8');
  const section = page.slice(page.indexOf('## From PyTorch'));
  const shown: unknown = JSON.parse(/```json\n(.*?)```/s.exec(section)?.[1] ?? 'null');
  assert.deepEqual(parseManifest(shown), shown);
});
