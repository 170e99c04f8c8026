/**
 * `npm run examples`: packs what `npm run build` made for the apps in `examples/`, and gives each its clip. Lockfiles must not hold the
 * hash of a tarball that changes with every build, so it is taken out of them.
 */
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packPackage } from '../package/pack-package.ts';
import { sampleClip } from '../sample-clip.ts';

const examples = fileURLToPath(new URL('../../examples/', import.meta.url));

interface Lockfile {
  readonly packages: Record<string, { integrity?: string }>;
}

async function forgetTarball(path: string): Promise<void> {
  const lockfile = JSON.parse(await readFile(path, 'utf8')) as Lockfile;
  const entry = lockfile.packages['node_modules/void-segmenter'];
  if (!entry?.integrity) return;
  delete entry.integrity;
  await writeFile(path, `${JSON.stringify(lockfile, null, 2)}\n`);
}

await rename(packPackage(examples).path, join(examples, 'void-segmenter.tgz'));
for (const { name } of (await readdir(examples, { withFileTypes: true })).filter((entry) =>
  entry.isDirectory(),
)) {
  const lockfile = join(examples, name, 'package-lock.json');
  if (existsSync(lockfile)) await forgetTarball(lockfile);
  await mkdir(join(examples, name, 'public'), { recursive: true });
  await copyFile(sampleClip, join(examples, name, 'public', 'talk.webm'));
}
