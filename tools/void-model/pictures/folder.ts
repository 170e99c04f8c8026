import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { ToolError } from '../tool-error.ts';
import { decodePicture } from './decode.ts';
import type { Picture } from './decode.ts';

/** A picture that waits on disk. */
export interface PictureFile {
  readonly name: string;
  /** Decodes it; rejects with ToolError `file`. */
  read(): Promise<Picture>;
}

/**
 * The JPEG and PNG files of a folder, by name; folders inside it are left alone.
 *
 * @param limit - At most so many, spread over the list.
 * @throws ToolError `file` for a folder that cannot be read or has none.
 */
export async function listPictures(
  folder: string,
  limit = Infinity,
): Promise<readonly PictureFile[]> {
  let names;
  try {
    names = await readdir(folder);
  } catch (cause) {
    throw new ToolError('file', `Cannot read the folder "${folder}": ${String(cause)}.`, { cause });
  }
  const pictures = names.filter((name) => /\.(jpe?g|png)$/i.test(name)).sort();
  if (pictures.length === 0) {
    throw new ToolError('file', `"${folder}" has no .jpg, .jpeg or .png files.`);
  }
  return spread(pictures, limit).map((name) => ({
    name,
    read: async () => decodePicture(await readFile(join(folder, name)), name),
  }));
}

function spread<T>(items: readonly T[], limit: number): readonly T[] {
  const count = Math.min(items.length, limit);
  return Array.from(
    { length: count },
    (_, i) => items[Math.floor((i * items.length) / count)] as T,
  );
}
