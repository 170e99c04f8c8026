import { fullWeight, type MaskLevels } from '../postprocess/mask-levels.ts';
import { gaussianWeights, planBlur } from './blur-plan.ts';
import { MaskSpans, type SpanPainter } from '../postprocess/mask-spans.ts';
import { Pixels } from './pixels.ts';

/** Sums of colours and weights: red, green, blue, weight. */
const channels = 4;

/** On the CPU a smaller picture and fewer samples are worth more than on a GPU. */
const maxSigmaPx = 2;

/** Two is what shrinking and growing alone blur by; full size would cost ten times half. */
function minFactorFor(radiusPx: number): number {
  return radiusPx >= 1 ? 2 : 1;
}

/**
 * Blurs what a mask leaves of a frame, at reduced size; the CPU's twin of BlurPass. Every pixel counts by how much of the
 * background it is, so the foreground leaves no halo.
 */
export class PixelBlur {
  readonly #spans = new MaskSpans();
  #blurred = Pixels.create(1, 1);
  #sums = new Float32Array(channels);
  #passed = new Float32Array(channels);

  /**
   * @param radiusPx - Standard deviation, in pixels of the frame.
   * @returns Opaque, to stretch over the frame bilinearly. Valid until the next call.
   */
  blur(frame: Pixels, isOpaque: boolean, mask: MaskLevels, radiusPx: number): Pixels {
    const { width, height, sigmaPx } = planBlur(
      frame.width,
      frame.height,
      radiusPx,
      maxSigmaPx,
      minFactorFor(radiusPx),
    );
    if (this.#blurred.width !== width || this.#blurred.height !== height) {
      this.#blurred = Pixels.create(width, height);
      this.#sums = new Float32Array(channels * width * height);
      this.#passed = new Float32Array(channels * width * height);
    }
    this.#sums.fill(0);
    const summing = isOpaque
      ? new BackgroundSums(this.#spans, frame, this.#sums, width, height)
      : new TranslucentSums(this.#spans, frame, this.#sums, width, height);
    this.#spans.paint(mask, frame.width, frame.height, summing);
    if (sigmaPx > 0) {
      const weights = gaussianWeights(sigmaPx);
      convolve(this.#sums, this.#passed, width, height, channels, weights);
      convolve(this.#passed, this.#sums, height, width, channels * width, weights);
    }
    divide(this.#sums, this.#blurred.words);
    return this.#blurred;
  }
}

/** Adds up the background of an opaque frame in each footprint of a smaller picture. */
class BackgroundSums implements SpanPainter {
  /** First column of each footprint, and the end. */
  protected readonly starts: Int32Array;
  /** Start of the row of sums that the current row adds to. */
  protected row = 0;

  constructor(
    protected readonly spans: MaskSpans,
    protected readonly frame: Pixels,
    protected readonly sums: Float32Array,
    protected readonly width: number,
    protected readonly height: number,
  ) {
    this.starts = new Int32Array(width + 1);
    for (let x = 0; x <= width; x++) this.starts[x] = Math.floor((x * frame.width) / width);
  }

  beginRow(y: number): void {
    // The inverse of `starts`, for rows.
    const row = Math.floor(((y + 1) * this.height - 1) / this.frame.height);
    this.row = row * this.width * channels;
  }

  background(from: number, to: number, y: number): void {
    const { starts, sums } = this;
    const { words, width } = this.frame;
    const start = y * width;
    let column = this.columnOf(from);
    let at = this.row + channels * column;
    for (let x = from; x < to; column++, at += channels) {
      const end = Math.min(to, starts[column + 1] as number);
      const count = end - x;
      let redBlues = 0;
      let greens = 0;
      for (; x < end; x++) {
        const word = words[start + x] as number;
        redBlues += word & 0xff00ff;
        greens += word & 0xff00;
      }
      sums[at] = (sums[at] as number) + (redBlues & 0xffff);
      sums[at + 1] = (sums[at + 1] as number) + (greens >>> 8);
      sums[at + 2] = (sums[at + 2] as number) + (redBlues >>> 16);
      sums[at + 3] = (sums[at + 3] as number) + count;
    }
  }

  person(): void {
    // Has no weight.
  }

  edge(from: number, to: number, y: number): void {
    const start = y * this.frame.width;
    let column = this.columnOf(from);
    for (let x = from; x < to; x++) {
      while (x >= (this.starts[column + 1] as number)) column++;
      const weight = 1 - this.spans.weightAt(x) / fullWeight;
      this.add(this.frame.words[start + x] as number, weight, column);
    }
  }

  protected add(word: number, weight: number, column: number): void {
    const { sums } = this;
    const at = this.row + channels * column;
    sums[at] = (sums[at] as number) + weight * (word & 0xff);
    sums[at + 1] = (sums[at + 1] as number) + weight * ((word >>> 8) & 0xff);
    sums[at + 2] = (sums[at + 2] as number) + weight * ((word >>> 16) & 0xff);
    sums[at + 3] = (sums[at + 3] as number) + weight;
  }

  protected columnOf(x: number): number {
    return Math.floor(((x + 1) * this.width - 1) / this.frame.width);
  }
}

/** What is transparent has no weight either. */
class TranslucentSums extends BackgroundSums {
  override background(from: number, to: number, y: number): void {
    this.edge(from, to, y);
  }

  protected override add(word: number, weight: number, column: number): void {
    super.add(word, (weight * (word >>> 24)) / 255, column);
  }
}

/**
 * Convolves rows with a symmetric kernel; outermost values repeat. Turned by its last arguments it does columns.
 *
 * @param length - Of a row.
 * @param step - From one value of a row to the next, in numbers. `channels` for rows of a picture.
 * @param weights - By distance from 0 on.
 */
function convolve(
  source: Float32Array,
  target: Float32Array,
  length: number,
  rowCount: number,
  step: number,
  weights: readonly number[],
): void {
  const rowStep = step === channels ? channels * length : channels;
  const last = length - 1;
  for (let row = 0; row < rowCount; row++) {
    const start = row * rowStep;
    for (let i = 0; i < length; i++) {
      const at = start + i * step;
      const middle = weights[0] as number;
      let red = middle * (source[at] as number);
      let green = middle * (source[at + 1] as number);
      let blue = middle * (source[at + 2] as number);
      let total = middle * (source[at + 3] as number);
      for (let distance = 1; distance < weights.length; distance++) {
        const weight = weights[distance] as number;
        const before = start + Math.max(0, i - distance) * step;
        const after = start + Math.min(last, i + distance) * step;
        red += weight * ((source[before] as number) + (source[after] as number));
        green += weight * ((source[before + 1] as number) + (source[after + 1] as number));
        blue += weight * ((source[before + 2] as number) + (source[after + 2] as number));
        total += weight * ((source[before + 3] as number) + (source[after + 3] as number));
      }
      target[at] = red;
      target[at + 1] = green;
      target[at + 2] = blue;
      target[at + 3] = total;
    }
  }
}

/** Turns sums into opaque means. Where there is no background near, black: the foreground covers it. */
function divide(sums: Float32Array, words: Uint32Array): void {
  for (let i = 0, at = 0; i < words.length; i++, at += channels) {
    const weight = sums[at + 3] as number;
    const scale = weight > 0 ? 1 / weight : 0;
    const red = (sums[at] as number) * scale + 0.5;
    const green = (sums[at + 1] as number) * scale + 0.5;
    const blue = (sums[at + 2] as number) * scale + 0.5;
    words[i] = 0xff000000 | (blue << 16) | (green << 8) | red;
  }
}
