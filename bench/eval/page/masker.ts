import type { EvalRow } from '../rows.ts';

/** Makes masks the way one row wants them. */
export interface Masker {
  /** Forgets what came before: the next picture belongs to another source. */
  reset(): void;
  /**
   * Resolves to the probability of a person, 0..1, row-major, of the picture's size. The picture stays the caller's.
   * `timestampUs` rises from frame to frame of a clip; undefined: a picture of its own.
   */
  mask(picture: ImageBitmap, timestampUs: number | undefined): Promise<Float32Array>;
}

/** A built-in model by its name. */
export type ModelName = Exclude<EvalRow['model'], 'auto'>;

/** What the element's `model="auto"` takes for a picture or a clip of this size. */
export function pickModel(
  { model }: EvalRow,
  { width, height }: Pick<ImageBitmap, 'width' | 'height'>,
  isStill: boolean,
): ModelName {
  if (model !== 'auto') return model;
  if (isStill) return 'selfie';
  return width / height > 4 / 3 ? 'selfie-landscape' : 'selfie';
}
