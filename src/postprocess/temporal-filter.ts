import { isSameRegion, wholeFrame, type Region } from '../util/region.ts';
import { RegionMover } from './region-mover.ts';

/** Mask pixels along each side of a block, over which changes are averaged: noise of single ones does not count. */
export const blockPx = 4;
/** How much the colours of a block change, 0..1, from where on the new mask counts more, and from where on it counts alone. */
export const changeCurve = [0.05, 0.2] as const;
/** Mean change of a picture, 0..1, from which on it shows another scene. */
export const cutChange = 0.25;
/** Time constant at a smoothing of 1, in milliseconds. */
const longestMs = 600;

/** How long a mask lingers where the picture stands still, in milliseconds, by the attribute `smoothing`, 0..1: 294 at 0.7. */
export function toLingerMs(smoothing: number): number {
  return longestMs * smoothing ** 2;
}

/**
 * Share of a new mask where nothing changes, 0..1. 1 where nothing came before, and when time runs backwards: after a seek, in a loop.
 *
 * @param elapsedMs - Media time since the frame before; NaN: there was none.
 */
export function slowShare(elapsedMs: number, lingerMs: number): number {
  return elapsedMs >= 0 && lingerMs > 0 ? 1 - Math.exp(-elapsedMs / lingerMs) : 1;
}

/**
 * Holds a mask still while the picture is still: each pixel follows the model with a time constant, and at once where the
 * picture has changed. Works at the size of the mask, and does not depend on the frame rate.
 *
 * `smoothed += share * (mask - smoothed)`, `share = slow + (1 - slow) * smoothstep(changeCurve, change)`,
 * `slow = 1 - exp(-elapsed / linger)`; `change` is the mean, over a block of pixels, of the largest difference of red, green and
 * blue from the frame before. Starts anew at a cut. Where the masks come of another part of the frame than before, what is remembered
 * moves along, and where there is nothing to remember the new mask stays as it is.
 */
export class TemporalFilter {
  readonly width: number;
  readonly height: number;
  /** `[height, width] float32`, 0..1. */
  readonly #smoothed: Float32Array;
  /** `[height, width, 4] uint8`, RGBA. */
  readonly #last: Uint8ClampedArray;
  /** One for each block, row-major. */
  readonly #changes: Float32Array;
  readonly #columns: number;
  #mover: RegionMover | undefined;
  #region = wholeFrame;
  #isCut = false;

  /** @param size - Of the mask, in pixels. */
  constructor({ width, height }: { readonly width: number; readonly height: number }) {
    this.width = width;
    this.height = height;
    this.#smoothed = new Float32Array(width * height);
    this.#last = new Uint8ClampedArray(4 * width * height);
    this.#columns = Math.ceil(width / blockPx);
    this.#changes = new Float32Array(this.#columns * Math.ceil(height / blockPx));
  }

  /**
   * @param mask - `[height, width] float32`, probability of a person, 0..1.
   * @param picture - `[height, width, 4] uint8`, RGBA: the frame at the mask's size, as the model saw it.
   * @param slow - By {@link slowShare}.
   * @param region - The part of the frame under both.
   * @param isNext - Whether it follows the last one, and may be a cut.
   * @returns Like `mask`. Valid until the next call.
   */
  smooth(
    mask: Float32Array,
    picture: Uint8ClampedArray,
    slow: number,
    region: Region = wholeFrame,
    isNext = slow < 1,
  ): Float32Array {
    if (isNext && !isSameRegion(region, this.#region)) this.#move(mask, picture, region);
    this.#region = region;
    this.#isCut = isNext && this.#measureChanges(picture) > cutChange;
    if (slow >= 1 || this.#isCut) this.#smoothed.set(mask);
    else this.#blend(mask, slow);
    this.#last.set(picture);
    return this.#smoothed;
  }

  /** Whether the last picture showed another scene than the one before. */
  get isCut(): boolean {
    return this.#isCut;
  }

  /** Where nothing is remembered, `mask` and `picture` themselves are. */
  #move(mask: Float32Array, picture: Uint8ClampedArray, to: Region): void {
    const mover = (this.#mover ??= new RegionMover(this));
    mover.plan(this.#region, to);
    mover.move(this.#smoothed, mask, 1);
    mover.move(this.#last, picture, 4);
  }

  /** @returns The mean over the picture, 0..1. */
  #measureChanges(picture: Uint8ClampedArray): number {
    const { width, height } = this;
    const last = this.#last;
    const changes = this.#changes;
    changes.fill(0);
    let total = 0;
    for (let y = 0, from = 0; y < height; y++) {
      const row = Math.floor(y / blockPx) * this.#columns;
      for (let x = 0; x < width; x++, from += 4) {
        const red = Math.abs((picture[from] as number) - (last[from] as number));
        const green = Math.abs((picture[from + 1] as number) - (last[from + 1] as number));
        const blue = Math.abs((picture[from + 2] as number) - (last[from + 2] as number));
        const largest = red > green ? (red > blue ? red : blue) : green > blue ? green : blue;
        const block = row + Math.floor(x / blockPx);
        changes[block] = (changes[block] as number) + largest;
        total += largest;
      }
    }
    return total / (255 * width * height);
  }

  #blend(mask: Float32Array, slow: number): void {
    const { width, height } = this;
    const smoothed = this.#smoothed;
    const changes = this.#changes;
    const [low, high] = changeCurve;
    for (let top = 0, block = 0; top < height; top += blockPx) {
      const bottom = Math.min(top + blockPx, height);
      for (let left = 0; left < width; left += blockPx, block++) {
        const right = Math.min(left + blockPx, width);
        const pixels = (bottom - top) * (right - left);
        const change = (changes[block] as number) / (255 * pixels);
        const part = Math.min(Math.max((change - low) / (high - low), 0), 1);
        const share = slow + (1 - slow) * part * part * (3 - 2 * part);
        for (let y = top; y < bottom; y++) {
          for (let i = y * width + left; i < y * width + right; i++) {
            const value = smoothed[i] as number;
            smoothed[i] = value + share * ((mask[i] as number) - value);
          }
        }
      }
    }
  }
}
