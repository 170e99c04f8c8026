import { parseManifest, type ModelManifest } from '../../src/inference/manifest.ts';
import type { ModelInputOptions, ModelOutputOptions } from '../../src/model-options.ts';

/** A manifest that leaves nothing out, such as those of our own models. */
export type CompleteManifest = ModelManifest & {
  readonly name: string;
  readonly file: string;
  readonly input: Required<Omit<ModelInputOptions, 'mean' | 'std'>>;
  readonly output: Required<Omit<ModelOutputOptions, 'foreground'>>;
};

/** @throws Error if the manifest says nothing of names and sizes. */
export function parseComplete(json: unknown): CompleteManifest {
  const manifest = parseManifest(json);
  const { name, file, input, output } = manifest;
  if (name && file && input.width && input.height && output.width && output.height) {
    return manifest as CompleteManifest;
  }
  throw new Error('The manifest leaves something out.');
}
