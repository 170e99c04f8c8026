import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { format } from 'prettier';

/** Root of the repository, with a slash at its end. */
export const rootUrl = new URL('../', import.meta.url);

/** A committed file that a script makes. */
export interface GeneratedFile {
  readonly url: URL;
  readonly bytes: Uint8Array;
}

/** Makes a JSON file, laid out as Prettier leaves it. */
export async function createJsonFile(url: URL, value: unknown): Promise<GeneratedFile> {
  const text = await format(JSON.stringify(value), { parser: 'json', printWidth: 100 });
  return { url, bytes: new TextEncoder().encode(text) };
}

/** Subresource-Integrity hash of `bytes`: `sha256-` and the base64 digest. */
export function hashIntegrity(bytes: Uint8Array): string {
  return `sha256-${createHash('sha256').update(bytes).digest('base64')}`;
}

/**
 * The end of a generating script: writes the files or, with `--check` on the command line, compares them with the
 * committed ones and makes the script fail where one differs.
 *
 * @param command - What to run to make them, for the message.
 */
export async function writeOrCheck(
  files: readonly GeneratedFile[],
  command: string,
): Promise<void> {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  for (const { url, bytes } of files) {
    const path = relative(fileURLToPath(rootUrl), fileURLToPath(url));
    if (values.check) {
      if (await isSameAs(url, bytes)) continue;
      console.error(`${path} is not what "${command}" makes. Run it and commit the result.`);
      process.exitCode = 1;
    } else {
      await mkdir(dirname(fileURLToPath(url)), { recursive: true });
      await writeFile(url, bytes);
      console.log(`${path}: ${bytes.byteLength} bytes, ${hashIntegrity(bytes)}`);
    }
  }
}

/** Whether the file exists and holds `bytes`. */
async function isSameAs(url: URL, bytes: Uint8Array): Promise<boolean> {
  try {
    return (await readFile(url)).equals(bytes);
  } catch {
    return false;
  }
}
