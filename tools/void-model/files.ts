import { readFile, writeFile } from 'node:fs/promises';

import { ToolError } from './tool-error.ts';

/** Reads a file that the user named. Rejects with ToolError `file`. */
export async function readInput(path: string): Promise<Buffer> {
  return withFile('read', path, readFile(path));
}

/** Writes a file that the user named. Rejects with ToolError `file`. */
export async function writeOutput(path: string, contents: string | Uint8Array): Promise<void> {
  return withFile('write', path, writeFile(path, contents));
}

async function withFile<T>(verb: string, path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ToolError('file', `Cannot ${verb} "${path}": ${reason}.`, { cause });
  }
}
