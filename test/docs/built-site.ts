import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSite, type BuiltSite, type SiteOptions } from '../../tools/docs/build-site.ts';

/** The site in a folder of its own, which is removed when the process ends. */
export async function buildTestSite(
  options?: SiteOptions,
): Promise<BuiltSite & { readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'void-segmenter-site-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return { ...(await buildSite(folder, options)), folder };
}
