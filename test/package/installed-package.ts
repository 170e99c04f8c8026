import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packPackage } from '../../tools/package/pack-package.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The package as npm would hand it out, installed in an app of its own. */
export interface InstalledPackage {
  /** Folder of the app. */
  readonly app: string;
  /** Folder of the package in there. */
  readonly folder: string;
  /** Paths of all files in the package. */
  readonly files: readonly string[];
  /** Size of the tarball. */
  readonly packedBytes: number;
  readonly packageJson: PackageJson;
}

export interface PackageJson {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly customElements: string;
  readonly 'web-types': string;
  readonly bin: Readonly<Record<string, string>>;
}

/** Packs what `npm run build` made and installs it. What it depends on is taken from here: that needs no network. */
function install(): InstalledPackage {
  const app = mkdtempSync(join(tmpdir(), 'void-segmenter-'));
  process.on('exit', () => rmSync(app, { recursive: true, force: true }));
  const modules = join(app, 'node_modules');
  const folder = join(modules, 'void-segmenter');
  mkdirSync(folder, { recursive: true });
  const { path, sizeBytes, files } = packPackage(app);
  execFileSync('tar', ['-xzf', path, '-C', folder, '--strip-components=1']);
  const packageJson = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageJson;
  for (const name of Object.keys(packageJson.dependencies)) {
    symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction');
  }
  return { app, folder, files, packedBytes: sizeBytes, packageJson };
}

/** Shared by all tests of the run. Removed when it ends. */
export const installedPackage = install();
