import type { Pixels } from '../composite/pixels.ts';
import type { ModelInput } from '../stage.ts';
import { wholeFrame, type Region } from '../util/region.ts';
import { AreaAxis } from './area-axis.ts';

/** What is read of a frame. */
export type PixelWords = Pick<Pixels, 'width' | 'height' | 'words'>;

/** A source row at the width of a model's input: red with blue, and green, times 256. */
interface StretchedRow {
  index: number;
  readonly redBlues: Int32Array;
  readonly greens: Int32Array;
}

/**
 * Samples frames in main memory into a model's input size: the mean over each footprint where an axis shrinks, bilinear where it
 * grows. The twin of PreprocessPass, with weights of 8 bits: red and blue are computed with at once.
 */
export class AreaSampler {
  readonly #width: number;
  readonly #height: number;
  readonly #sampled: Uint8ClampedArray<ArrayBuffer>;
  #columns: AreaAxis;
  #rows: AreaAxis;
  /** Neighbours alternate, so that both are there at once. */
  readonly #stretched: readonly [StretchedRow, StretchedRow];
  /** Red, green and blue of the row to be written, times 65536. */
  readonly #sums: Int32Array;
  /** A row with its transparency applied. */
  #opaqueRow: Uint32Array;

  constructor({ width, height }: ModelInput) {
    this.#width = width;
    this.#height = height;
    this.#sampled = new Uint8ClampedArray(4 * width * height).fill(255);
    this.#columns = new AreaAxis(width, width);
    this.#opaqueRow = new Uint32Array(width);
    this.#rows = new AreaAxis(height, height);
    const createRow = (): StretchedRow => ({
      index: -1,
      redBlues: new Int32Array(width),
      greens: new Int32Array(width),
    });
    this.#stretched = [createRow(), createRow()];
    this.#sums = new Int32Array(3 * width);
  }

  /**
   * @param region - What of it, between whole pixels.
   * @param isOpaque - Whether no pixel is transparent. Those that are count as black, as on the GPU.
   * @returns RGBA, 8 bit, at the model's input size. Valid until the next call.
   */
  sample(
    frame: PixelWords,
    isOpaque: boolean,
    region: Region = wholeFrame,
  ): Uint8ClampedArray<ArrayBuffer> {
    this.#columns = planAxis(this.#columns, frame.width, region.x, region.width);
    this.#rows = planAxis(this.#rows, frame.height, region.y, region.height);
    if (this.#opaqueRow.length !== frame.width) this.#opaqueRow = new Uint32Array(frame.width);
    for (const row of this.#stretched) row.index = -1;
    for (let y = 0; y < this.#height; y++) {
      this.#sumRows(frame, isOpaque, y);
      this.#writeRow(y);
    }
    return this.#sampled;
  }

  #sumRows(frame: PixelWords, isOpaque: boolean, y: number): void {
    const { first, last, firstShare, lastShare, innerShare } = this.#rows;
    const begin = first[y] as number;
    const end = last[y] as number;
    this.#sums.fill(0);
    for (let row = begin; row <= end; row++) {
      const edgeShare = row === begin ? firstShare[y] : lastShare[y];
      const share = row > begin && row < end ? innerShare : (edgeShare as number);
      addRow(this.#stretchRow(frame, isOpaque, row), share, this.#sums);
    }
  }

  #writeRow(y: number): void {
    const sums = this.#sums;
    const sampled = this.#sampled;
    let to = 4 * y * this.#width;
    for (let from = 0; from < sums.length; from += 3, to += 4) {
      sampled[to] = ((sums[from] as number) + halfLevel) >> levelShift;
      sampled[to + 1] = ((sums[from + 1] as number) + halfLevel) >> levelShift;
      sampled[to + 2] = ((sums[from + 2] as number) + halfLevel) >> levelShift;
    }
  }

  /** Most rows are asked for once; the last of a footprint is the first of the next. */
  #stretchRow(frame: PixelWords, isOpaque: boolean, index: number): StretchedRow {
    const row = this.#stretched[index % 2 === 0 ? 0 : 1];
    if (row.index === index) return row;
    row.index = index;
    const start = index * frame.width;
    if (isOpaque) {
      sumColumns(frame.words, start, this.#columns, row);
    } else {
      applyAlpha(frame.words, start, this.#opaqueRow);
      sumColumns(this.#opaqueRow, 0, this.#columns, row);
    }
    return row;
  }
}

/** The same axis where nothing has changed. */
function planAxis(axis: AreaAxis, size: number, start: number, length: number): AreaAxis {
  const startPx = Math.round(start * size);
  const lengthPx = Math.round(length * size);
  if (axis.start === startPx && axis.sourceSize === lengthPx) return axis;
  return new AreaAxis(lengthPx, axis.targetSize, startPx);
}

/** Of {@link AreaSampler}'s sums: where the levels begin. */
const levelShift = 16;
const halfLevel = 1 << (levelShift - 1);

function sumColumns(
  words: Uint32Array,
  start: number,
  { targetSize, first, last, firstShare, lastShare, innerShare }: AreaAxis,
  { redBlues, greens }: StretchedRow,
): void {
  for (let x = 0; x < targetSize; x++) {
    const begin = start + (first[x] as number);
    const end = start + (last[x] as number);
    let innerRedBlue = 0;
    let innerGreen = 0;
    for (let i = begin + 1; i < end; i++) {
      const word = words[i] as number;
      innerRedBlue += word & 0xff00ff;
      innerGreen += word & 0xff00;
    }
    const one = words[begin] as number;
    const other = words[end] as number;
    const share = firstShare[x] as number;
    const otherShare = lastShare[x] as number;
    redBlues[x] =
      (Math.imul(one & 0xff00ff, share) +
        Math.imul(innerRedBlue, innerShare) +
        Math.imul(other & 0xff00ff, otherShare)) |
      0;
    greens[x] =
      ((one >>> 8) & 0xff) * share +
      (innerGreen >>> 8) * innerShare +
      ((other >>> 8) & 0xff) * otherShare;
  }
}

function addRow({ redBlues, greens }: StretchedRow, share: number, sums: Int32Array): void {
  for (let x = 0, to = 0; x < greens.length; x++, to += 3) {
    const word = redBlues[x] as number;
    sums[to] = (sums[to] as number) + (word & 0xffff) * share;
    sums[to + 1] = (sums[to + 1] as number) + (greens[x] as number) * share;
    sums[to + 2] = (sums[to + 2] as number) + (word >>> 16) * share;
  }
}

/** Premultiplies a row. */
function applyAlpha(words: Uint32Array, start: number, target: Uint32Array): void {
  for (let i = 0; i < target.length; i++) {
    const word = words[start + i] as number;
    const alpha = (word >>> 24) / 255;
    const red = Math.round((word & 0xff) * alpha);
    const green = Math.round(((word >>> 8) & 0xff) * alpha);
    const blue = Math.round(((word >>> 16) & 0xff) * alpha);
    target[i] = red | (green << 8) | (blue << 16);
  }
}
