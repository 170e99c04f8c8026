/** Run by `npm version`: what the changelog has as unreleased becomes the new version's, with the day. */
import { readFileSync, writeFileSync } from 'node:fs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const [before, after] = readFileSync('CHANGELOG.md', 'utf8').split('## Unreleased\n');
const [entries = ''] = (after ?? '').split(/^## /m);
if (!entries.trim()) {
  throw new Error(
    'CHANGELOG.md has nothing under "## Unreleased". Say there what is new, then run this again.',
  );
}
const day = new Date().toISOString().slice(0, 10);
writeFileSync('CHANGELOG.md', `${before}## Unreleased\n\n## ${version} (${day})\n${after}`);
