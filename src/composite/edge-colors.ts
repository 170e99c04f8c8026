import { fullWeight } from '../postprocess/mask-levels.ts';
import type { MaskSpans } from '../postprocess/mask-spans.ts';
import { fullPart, LinearAxis } from '../util/linear-axis.ts';
import { planRegionAxis } from '../util/region-axis.ts';
import { isSameRegion, wholeFrame, type Region } from '../util/region.ts';
import { Pixels } from './pixels.ts';

/** Mean colours of the person and of the room around, on a grid over a frame; see ForegroundColors. */
export interface ColorGrid {
  readonly width: number;
  readonly height: number;
  /** `[2, height, width, 4] float32`: red, green and blue, 0..1, of the person, then of the room. The fourth is not used. */
  readonly colors: Float32Array;
}

/** Of a place: red, green and blue of the person, and of the room. */
const channels = 6;

/**
 * Takes the room's share out of the colours at an edge; the CPU's twin of `foregroundAt` in alpha-at.wgsl, whose sum is written out
 * here: `color * alpha + person * (1 - alpha²) - room * alpha * (1 - alpha)`.
 */
export class EdgeColors {
  readonly #spans: MaskSpans;
  #frame = Pixels.create(1, 1);
  #grid: ColorGrid | null = null;
  #columns = new LinearAxis(1, 1);
  #rows = new LinearAxis(1, 1);
  /** The first pixels of the frame under the grid. */
  #left = 0;
  #top = 0;
  /** What the axes were made for. */
  #planned = { width: 0, height: 0, region: wholeFrame };
  /** The grid at the height of the current row, in levels of 255; one place more than it has. */
  #line = new Float32Array(2 * channels);
  #words = new Uint32Array(1);
  #bytes = new Uint8ClampedArray(4);

  constructor(spans: MaskSpans) {
    this.#spans = spans;
  }

  /**
   * @param grid - Always of one size; null: colours stay as they are.
   * @param region - The part of the frame under the grid. Edges are found there alone.
   */
  begin(frame: Pixels, grid: ColorGrid | null, region: Region): void {
    this.#frame = frame;
    this.#grid = grid;
    if (!grid) return;
    const { width, height } = frame;
    const planned = this.#planned;
    if (
      planned.width === width &&
      planned.height === height &&
      isSameRegion(planned.region, region)
    ) {
      return;
    }
    this.#planned = { width, height, region };
    const columns = planRegionAxis(grid.width, width, region.x, region.width);
    const rows = planRegionAxis(grid.height, height, region.y, region.height);
    this.#left = columns.first;
    this.#columns = columns.axis;
    this.#top = rows.first;
    this.#rows = rows.axis;
    if (this.#words.length === width) return;
    this.#line = new Float32Array(channels * (grid.width + 1));
    this.#words = new Uint32Array(width);
    this.#bytes = new Uint8ClampedArray(this.#words.buffer);
  }

  /** The pixels of an edge in the person's colours, as opaque as in the frame, the first one at 0. Valid until the next call. */
  find(from: number, to: number, y: number): Uint32Array {
    const start = y * this.#frame.width;
    const frame = this.#frame.words.subarray(start + from, start + to);
    if (!this.#grid) return frame;
    const { base, starts } = this.#columns;
    const left = this.#left;
    const first = base[from - left] as number;
    this.#stretch(this.#grid, y - this.#top, first, base[to - 1 - left] as number);
    for (let x = from, at = first; x < to; at++) {
      const end = Math.min(to, left + (starts[at + 1] as number));
      if (end > x) this.#separate(frame, from, x, end, at);
      x = end;
    }
    return this.#words;
  }

  /** Fills the line from `first` to the place after `last`, for a row counted from the grid's first. */
  #stretch({ width, height, colors }: ColorGrid, y: number, first: number, last: number): void {
    const line = this.#line;
    const part = (this.#rows.part[y] as number) / fullPart;
    const row = this.#rows.base[y] as number;
    const above = 4 * row * width;
    const below = 4 * Math.min(row + 1, height - 1) * width;
    for (let x = first; x <= last + 1; x++) {
      const place = 4 * Math.min(x, width - 1);
      for (let channel = 0; channel < channels; channel++) {
        const at = channel < 3 ? place + channel : 4 * width * height + place + channel - 3;
        const value = colors[above + at] as number;
        line[channels * x + channel] =
          255 * (value + part * ((colors[below + at] as number) - value));
      }
    }
  }

  /** Pixels from `x` to before `end`, all between the places `at` and `at + 1`. */
  #separate(frame: Uint32Array, from: number, x: number, end: number, at: number): void {
    const words = this.#words;
    const bytes = this.#bytes;
    const spans = this.#spans;
    const parts = this.#columns.part;
    const line = this.#line;
    const left = channels * at;
    const right = left + channels;
    const red = line[left] as number;
    const green = line[left + 1] as number;
    const blue = line[left + 2] as number;
    const roomRed = line[left + 3] as number;
    const roomGreen = line[left + 4] as number;
    const roomBlue = line[left + 5] as number;
    const redStep = (line[right] as number) - red;
    const greenStep = (line[right + 1] as number) - green;
    const blueStep = (line[right + 2] as number) - blue;
    const roomRedStep = (line[right + 3] as number) - roomRed;
    const roomGreenStep = (line[right + 4] as number) - roomGreen;
    const roomBlueStep = (line[right + 5] as number) - roomBlue;
    const first = from - this.#left;
    for (let i = x - from; i < end - from; i++) {
      const word = frame[i] as number;
      if (word >>> 24 < 255) {
        words[i] = word;
        continue;
      }
      const alpha = spans.weightAt(from + i) / fullWeight;
      const part = (parts[first + i] as number) / fullPart;
      const person = 1 - alpha * alpha;
      const room = alpha * (1 - alpha);
      const newRed =
        alpha * (word & 0xff) +
        person * (red + part * redStep) -
        room * (roomRed + part * roomRedStep);
      const newGreen =
        alpha * ((word >>> 8) & 0xff) +
        person * (green + part * greenStep) -
        room * (roomGreen + part * roomGreenStep);
      const newBlue =
        alpha * ((word >>> 16) & 0xff) +
        person * (blue + part * blueStep) -
        room * (roomBlue + part * roomBlueStep);
      // A clamped array rounds by itself.
      bytes[4 * i] = newRed;
      bytes[4 * i + 1] = newGreen;
      bytes[4 * i + 2] = newBlue;
      bytes[4 * i + 3] = 255;
    }
  }
}
