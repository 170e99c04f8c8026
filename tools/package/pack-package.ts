import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A tarball as npm would publish it. */
export interface PackedPackage {
  /** Of the tarball. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Paths of all files in the package. */
  readonly files: readonly string[];
}

interface PackReport {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/**
 * Packs what `npm run build` made.
 *
 * @param folder - Where the tarball goes.
 */
export function packPackage(folder: string): PackedPackage {
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
  return {
    path: join(folder, report.filename),
    sizeBytes: report.size,
    files: report.files.map(({ path }) => path),
  };
}
