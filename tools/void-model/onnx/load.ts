import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';

import { readInput } from '../files.ts';
import { ToolError } from '../tool-error.ts';
import type { OnnxModel } from './model.ts';
import { readOnnx } from './reader.ts';

/**
 * Reads a model from disk, with the files beside it that hold its weights.
 *
 * @throws ToolError as {@link readOnnx}; `file` also for a model that names files outside its own folder.
 */
export async function loadOnnx(path: string): Promise<OnnxModel> {
  const cache = new Map<string, Uint8Array>();
  return readOnnx(await readInput(path), (location) => {
    const bytes = cache.get(location) ?? readBeside(path, location);
    cache.set(location, bytes);
    return bytes;
  });
}

function readBeside(path: string, location: string): Uint8Array {
  const inside = normalize(location);
  if (location === '' || isAbsolute(location) || inside.split(sep)[0] === '..') {
    throw new ToolError(
      'file',
      `The model names "${location}" as the file of its weights; only files in its own folder are read.`,
    );
  }
  try {
    return readFileSync(join(dirname(path), inside));
  } catch (cause) {
    throw new ToolError(
      'file',
      `The model keeps weights in "${location}", which cannot be read from its folder. Put that file beside it.`,
      { cause },
    );
  }
}
