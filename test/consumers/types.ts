import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { InstalledApp } from './installed-app.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

/** Templates of each framework with its own type checker: those that are right pass, each that is wrong is complained about. */
export function testTypes(): void {
  describe('types', () => {
    let app: InstalledApp;

    before(async () => {
      app = await InstalledApp.install('types', here);
    });

    // These can be told in the file what has to fail, and complain if it does not.
    it('serve Vue', () => app.run('vue'));
    it('serve Solid', () => app.run('solid'));

    it('serve Svelte', async () => {
      const complaints = findComplaints(await failed(app, 'svelte'), /ERROR "(.+?)" (\d+):/g);
      assert.deepEqual(complaints, findWrong(app, 'svelte', 'Wrong.svelte'));
    });

    it('serve Angular', async () => {
      const complaints = findComplaints(await failed(app, 'angular'), /([\w.]+)[:(](\d+)[:,]/g);
      assert.deepEqual(complaints, findWrong(app, 'angular', 'wrong.ts'));
    });
  });
}

async function failed(app: InstalledApp, script: string): Promise<string> {
  try {
    await app.run(script);
  } catch (error) {
    // ngc colours what it prints.
    return stripVTControlCharacters((error as Error).message);
  }
  assert.fail(`npm run ${script} takes what is wrong`);
}

/** `file:line` of each complaint. */
function findComplaints(output: string, pattern: RegExp): string[] {
  return Array.from(output.matchAll(pattern), ([, file = '', line = '']) => `${file}:${line}`);
}

/** `file:line` of what has to fail: it follows a comment that says `wrong:`. */
function findWrong({ folder }: InstalledApp, checker: string, file: string): string[] {
  const lines = readFileSync(join(folder, checker, file), 'utf8').split('\n');
  return lines.flatMap((line, index) => (line.includes('wrong:') ? `${file}:${index + 2}` : []));
}
