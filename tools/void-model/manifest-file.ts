import { existsSync } from 'node:fs';
import { basename } from 'node:path';

import { FieldError } from '../../src/inference/fields.ts';
import { parseManifest } from '../../src/inference/manifest.ts';
import type { ModelManifest } from '../../src/inference/manifest.ts';
import { describeUse } from './draft-manifest.ts';
import { readInput } from './files.ts';
import type { OnnxModel } from './onnx/model.ts';
import { ToolError } from './tool-error.ts';
import { understandModel } from './understand.ts';

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

/**
 * How to feed a model and read its answer, as the element makes it out; of a model that it would refuse, what the manifest says.
 *
 * @param bytes - The `.onnx` file.
 * @throws ToolError as {@link findManifest}.
 */
export async function findUse(
  path: string,
  named: string | undefined,
  bytes: Uint8Array,
  model: OnnxModel,
): Promise<ModelManifest | null> {
  const manifest = await findManifest(path, named);
  try {
    const plan = understandModel({ name: basename(path), bytes, model, manifest });
    return { ...manifest, ...describeUse(plan) };
  } catch (error) {
    if (error instanceof ToolError) return manifest;
    throw error;
  }
}
