import type { ModelOutput } from '../stage.ts';
import { wholeFrame, type Region } from '../util/region.ts';

/** What stands for 1 where masks are computed with in integers: 255 levels with 8 bits below. */
export const fullWeight = 65280;

/** A mask in main memory: as the model gave it, and as integers to draw with. */
export class MaskLevels {
  readonly width: number;
  readonly height: number;
  /** `[height, width] float32`, row-major, 0..1. */
  readonly values: Float32Array;
  /** The same in 0..{@link fullWeight}. */
  readonly weights: Uint16Array;
  /** `[height, width]`, row-major: index of the likeliest class. Of the last answer that had them. */
  categories: Uint8Array | null = null;
  /** The part of the frame under the mask; beyond it there is nobody. */
  region = wholeFrame;

  constructor({ width, height }: ModelOutput) {
    this.width = width;
    this.height = height;
    this.values = new Float32Array(width * height);
    this.weights = new Uint16Array(width * height);
  }

  /** Copies a model's answer, see CpuAnswer. */
  store(
    mask: Float32Array,
    categories: Uint8Array | null = null,
    region: Region = wholeFrame,
  ): void {
    const { values, weights } = this;
    this.region = region;
    values.set(mask);
    if (categories) (this.categories ??= new Uint8Array(values.length)).set(categories);
    for (let i = 0; i < values.length; i++) {
      const value = Math.min(Math.max(values[i] as number, 0), 1);
      weights[i] = Math.round(value * fullWeight);
    }
  }
}
