import { existsSync } from 'node:fs';

import { FieldError } from '../../src/inference/fields.ts';
import { parseManifest } from '../../src/inference/manifest.ts';
import type { ModelManifest } from '../../src/inference/manifest.ts';
import { readInput } from './files.ts';
import { ToolError } from './tool-error.ts';

/**
 * Reads the manifest that goes with a model: the one named, else the `.json` of the model's name beside it, else none.
 *
 * @throws ToolError `file` for one that cannot be read or used.
 */
export async function findManifest(
  model: string,
  named: string | undefined,
): Promise<ModelManifest | null> {
  const beside = model.replace(/\.[^./\\]+$/, '.json');
  if (named === undefined && (beside === model || !existsSync(beside))) return null;
  const path = named ?? beside;
  const text = (await readInput(path)).toString('utf8');
  try {
    return parseManifest(JSON.parse(text));
  } catch (cause) {
    if (!(cause instanceof FieldError || cause instanceof SyntaxError)) throw cause;
    throw new ToolError('file', `"${path}" is no manifest: ${cause.message}`, { cause });
  }
}
