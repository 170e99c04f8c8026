import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

interface PackageJson {
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as PackageJson;
const copies: string[] = [];

/** What a release touches, in a repository of its own. Its checks are those of this run. */
function createCopy(changelog: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'void-segmenter-release-'));
  copies.push(copy);
  mkdirSync(join(copy, 'tools'));
  cpSync(join(root, 'tools/close-changelog.mjs'), join(copy, 'tools/close-changelog.mjs'));
  writeFileSync(join(copy, 'CHANGELOG.md'), changelog);
  const scripts = { ...packageJson.scripts, preversion: 'node --version' };
  writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...packageJson, scripts }));
  execFileSync('git', ['init', '--quiet'], { cwd: copy });
  return copy;
}

function bump(copy: string): void {
  const args = ['version', 'minor', '--no-git-tag-version'];
  execFileSync('npm', args, { cwd: copy, stdio: 'pipe', shell: process.platform === 'win32' });
}

describe('npm version', () => {
  after(() => {
    for (const copy of copies) rmSync(copy, { recursive: true, force: true });
  });

  it('moves what is unreleased under the new version, and stages it', () => {
    const copy = createCopy('# Changelog\n\n## Unreleased\n\n- New.\n\n## 0.0.1\n\n- Old.\n');
    bump(copy);
    const { version } = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8')) as PackageJson;
    assert.notEqual(version, packageJson.version);
    const changelog = readFileSync(join(copy, 'CHANGELOG.md'), 'utf8');
    const heading = `## ${version} \\(\\d{4}-\\d\\d-\\d\\d\\)`;
    const expected = `^# Changelog\n\n## Unreleased\n\n${heading}\n\n- New.\n\n## 0.0.1\n\n- Old.\n$`;
    assert.match(changelog, new RegExp(expected));
    const staged = execFileSync('git', ['diff', '--cached', '--name-only'], { cwd: copy });
    assert.match(staged.toString(), /^CHANGELOG\.md$/m);
  });

  it('refuses a release of nothing', () => {
    const copy = createCopy('# Changelog\n\n## Unreleased\n\n## 0.0.1\n\n- Old.\n');
    assert.throws(() => bump(copy), /nothing under "## Unreleased"/);
  });

  it('runs all checks first', () => {
    assert.equal(packageJson.scripts['preversion'], 'npm test');
  });
});
