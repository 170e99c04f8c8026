import { basename } from 'node:path';

import type { ModelManifest } from '../../../src/inference/manifest.ts';
import { measureModels } from '../measure/measure-models.ts';
import { describeRun, formatComparison } from '../measure/report.ts';
import type { PictureFile } from '../pictures/folder.ts';
import { countProgress } from '../progress.ts';

/** A model and the file it is or was written to. */
export interface ModelAt {
  readonly path: string;
  readonly onnx: Uint8Array;
}

export interface CostOptions {
  readonly pictures: readonly PictureFile[];
  readonly manifest: ModelManifest | null;
  readonly threads: number;
  /** Fewest runs of each model that are timed. */
  readonly runs: number;
}

/** Measures what it costs to put one model in another's place. @returns A table, and how it came about. */
export async function reportCost(
  before: ModelAt,
  after: ModelAt,
  { pictures, manifest, threads, runs }: CostOptions,
): Promise<string> {
  const models = [before, after].map(({ path, onnx }) => ({
    name: basename(path),
    onnx,
    sizeBytes: onnx.byteLength,
  })) as unknown as Parameters<typeof formatComparison>[0] & Parameters<typeof measureModels>[0];
  const comparison = await measureModels(models, {
    pictures,
    manifest,
    threads,
    runs,
    ...(pictures.length > 0 && { onProgress: countProgress('comparing', pictures.length) }),
  });
  const advice =
    pictures.length > 0
      ? ''
      : '\nNo pictures were given, so the answers were compared on one that was made up: name a folder with --images.';
  return `${formatComparison(models, comparison)}\n\n${describeRun(comparison, threads)}${advice}`;
}
