import { relateRegion, type Region } from '../util/region.ts';
import { createSampleAxis, planSampleAxis, type SampleAxis } from '../util/sample-axis.ts';

type Pixels = Float32Array | Uint8ClampedArray;

/** Makes of pixels over one part of a frame those over another, bilinearly. */
export class RegionMover {
  readonly #columns: SampleAxis;
  readonly #rows: SampleAxis;
  readonly #scratch: Float32Array;

  /** @param size - Of the pixels, over either part. */
  constructor({ width, height }: { readonly width: number; readonly height: number }) {
    this.#columns = createSampleAxis(width);
    this.#rows = createSampleAxis(height);
    this.#scratch = new Float32Array(4 * width * height);
  }

  /** Says from where to where the next ones are moved. */
  plan(from: Region, to: Region): void {
    const { x, y, width, height } = relateRegion(from, to);
    planSampleAxis(this.#columns, this.#columns.low.length, x, width);
    planSampleAxis(this.#rows, this.#rows.low.length, y, height);
  }

  /**
   * @param pixels - `[height, width, channels]`, row-major. Overwritten.
   * @param others - Like `pixels`: taken where these do not reach.
   * @param channels - 1 to 4.
   */
  move(pixels: Pixels, others: Pixels, channels: number): void {
    const source = this.#scratch;
    source.set(pixels);
    const width = this.#columns.low.length;
    const height = this.#rows.low.length;
    for (let y = 0, to = 0; y < height; y++) {
      const row = this.#rows.low[y] as number;
      const down = this.#rows.part[y] as number;
      const above = Math.max(row, 0) * width * channels;
      const below = Math.min(row + 1, height - 1) * width * channels;
      for (let x = 0; x < width; x++) {
        const column = this.#columns.low[x] as number;
        const along = this.#columns.part[x] as number;
        const left = column * channels;
        const right = Math.min(column + 1, width - 1) * channels;
        for (let channel = 0; channel < channels; channel++, to++) {
          if (row < 0 || column < 0) {
            pixels[to] = others[to] as number;
            continue;
          }
          const high = mix(source, above + left + channel, above + right + channel, along);
          const low = mix(source, below + left + channel, below + right + channel, along);
          pixels[to] = high + (low - high) * down;
        }
      }
    }
  }
}

function mix(values: Float32Array, one: number, other: number, part: number): number {
  const value = values[one] as number;
  return value + ((values[other] as number) - value) * part;
}
