import { LinearAxis } from '../util/linear-axis.ts';
import { fullWeight } from '../postprocess/mask-levels.ts';
import type { MaskSpans, SpanPainter } from '../postprocess/mask-spans.ts';
import type { EdgeColors } from './edge-colors.ts';
import type { Pixels } from './pixels.ts';

/** Draws the mask itself: white on black. */
export class MaskPainter implements SpanPainter {
  constructor(
    private readonly spans: MaskSpans,
    private readonly target: Pixels,
  ) {}

  background(from: number, to: number, y: number): void {
    const start = y * this.target.width;
    this.target.words.fill(0xff000000, start + from, start + to);
  }

  person(from: number, to: number, y: number): void {
    const start = y * this.target.width;
    this.target.words.fill(0xffffffff, start + from, start + to);
  }

  edge(from: number, to: number, y: number): void {
    const { words, width } = this.target;
    const start = y * width;
    for (let x = from; x < to; x++) {
      const level = (this.spans.weightAt(x) + 128) >> 8;
      words[start + x] = 0xff000000 | (level * 0x010101);
    }
  }
}

/** Draws the person alone. */
export class CutoutPainter implements SpanPainter {
  constructor(
    private readonly spans: MaskSpans,
    private readonly edges: EdgeColors,
    private readonly frame: Pixels,
    private readonly target: Pixels,
  ) {}

  background(from: number, to: number, y: number): void {
    const start = y * this.target.width;
    this.target.words.fill(0, start + from, start + to);
  }

  person(from: number, to: number, y: number): void {
    copySpan(this.frame, this.target, from, to, y);
  }

  edge(from: number, to: number, y: number): void {
    const words = this.edges.find(from, to, y);
    const target = this.target.words;
    const start = y * this.target.width;
    for (let i = start + from, x = from; x < to; i++, x++) {
      const word = words[x - from] as number;
      const alpha = Math.round(((word >>> 24) * this.spans.weightAt(x)) / fullWeight);
      target[i] = (word & 0xffffff) | (alpha << 24);
    }
  }
}

/** Draws the person before a picture as large as the frame. */
export class ReplacePainter implements SpanPainter {
  /** @param isOpaque - Whether all of the frame is. */
  constructor(
    private readonly spans: MaskSpans,
    private readonly edges: EdgeColors,
    private readonly frame: Pixels,
    private readonly isOpaque: boolean,
    private readonly backdrop: Pixels,
    private readonly target: Pixels,
  ) {}

  background(from: number, to: number, y: number): void {
    copySpan(this.backdrop, this.target, from, to, y);
  }

  person(from: number, to: number, y: number): void {
    if (this.isOpaque) {
      copySpan(this.frame, this.target, from, to, y);
      return;
    }
    const start = y * this.target.width;
    this.#layOver(this.frame.words.subarray(start + from, start + to), from, to, y);
  }

  edge(from: number, to: number, y: number): void {
    this.#layOver(this.edges.find(from, to, y), from, to, y);
  }

  /** @param words - The first one at 0. */
  #layOver(words: Uint32Array, from: number, to: number, y: number): void {
    const backdrop = this.backdrop.words;
    const target = this.target.words;
    const start = y * this.target.width;
    for (let i = start + from, x = from; x < to; i++, x++) {
      const share = this.spans.weightAt(x) / fullWeight;
      target[i] = layOver(words[x - from] as number, share, backdrop[i] as number);
    }
  }
}

/** Draws the person before a smaller picture that is stretched over the frame. Transparency is the frame's. */
export class BackdropPainter implements SpanPainter {
  readonly #spans: MaskSpans;
  readonly #frame: Pixels;
  readonly #backdrop: Pixels;
  readonly #target: Pixels;
  readonly #columns: LinearAxis;
  readonly #rows: LinearAxis;
  /** The backdrop on the height of the current row: red with blue, and green. One more than it is wide. */
  readonly #redBlues: Int32Array;
  readonly #greens: Int32Array;
  /** Pixels of the backdrop to one of the target, times 256, with 8 more bits. */
  readonly #step: number;

  /** @param backdrop - Opaque. */
  constructor(spans: MaskSpans, frame: Pixels, backdrop: Pixels, target: Pixels) {
    this.#spans = spans;
    this.#frame = frame;
    this.#backdrop = backdrop;
    this.#target = target;
    this.#columns = new LinearAxis(backdrop.width, target.width);
    this.#rows = new LinearAxis(backdrop.height, target.height);
    this.#redBlues = new Int32Array(backdrop.width + 1);
    this.#greens = new Int32Array(backdrop.width + 1);
    this.#step = Math.round((2 ** (8 + 8) * backdrop.width) / target.width);
  }

  beginRow(y: number): void {
    const { words, width, height } = this.#backdrop;
    const redBlues = this.#redBlues;
    const greens = this.#greens;
    const base = this.#rows.base[y] as number;
    const part = (this.#rows.part[y] as number) >> 7;
    const above = base * width;
    const below = Math.min(base + 1, height - 1) * width;
    for (let x = 0; x < width; x++) {
      const high = words[above + x] as number;
      const low = words[below + x] as number;
      redBlues[x] = mixRedBlue(high, low, part);
      greens[x] = mixGreen(high, low, part);
    }
    redBlues[width] = redBlues[width - 1] as number;
    greens[width] = greens[width - 1] as number;
  }

  /** Between two pixels of the backdrop colours grow evenly: one addition a pixel and pair of channels. */
  background(from: number, to: number, y: number): void {
    const source = this.#frame.words;
    const target = this.#target.words;
    const start = y * this.#target.width;
    const { base, part, starts } = this.#columns;
    const redBlues = this.#redBlues;
    const greens = this.#greens;
    const step = this.#step;
    for (let x = from, at = base[from] as number; x < to; at++) {
      const end = Math.min(to, starts[at + 1] as number);
      const share = (part[x] as number) >> 7;
      const one = redBlues[at] as number;
      const next = redBlues[at + 1] as number;
      // With 8 bits below the levels, and half a level added.
      let redBlueLevels = (Math.imul(one, 256 - share) + Math.imul(next, share) + 0x800080) | 0;
      const redStep = (((next & 0xff) - (one & 0xff)) * step) >> 8;
      const blueStep = (((next >>> 16) - (one >>> 16)) * step) >> 8;
      const redBlueStep = (redStep + (blueStep << 16)) | 0;
      const green = greens[at] as number;
      const greenStep0 = (greens[at + 1] as number) - green;
      let greenLevels = (green << 8) + greenStep0 * share + 128;
      const greenStep = (greenStep0 * step) >> 8;
      for (let i = start + x; x < end; x++, i++) {
        target[i] =
          ((redBlueLevels >>> 8) & 0xff00ff) |
          (greenLevels & 0xff00) |
          ((source[i] as number) & 0xff000000);
        redBlueLevels = (redBlueLevels + redBlueStep) | 0;
        greenLevels = (greenLevels + greenStep) | 0;
      }
    }
  }

  person(from: number, to: number, y: number): void {
    copySpan(this.#frame, this.#target, from, to, y);
  }

  edge(from: number, to: number, y: number): void {
    this.background(from, to, y);
    const source = this.#frame.words;
    const target = this.#target.words;
    const start = y * this.#target.width;
    for (let i = start + from, x = from; x < to; i++, x++) {
      const behind = target[i] as number;
      const word = source[i] as number;
      const weight = Math.round((256 * this.#spans.weightAt(x)) / fullWeight);
      target[i] =
        mixRedBlue(behind, word, weight) |
        (mixGreen(behind, word, weight) << 8) |
        (word & 0xff000000);
    }
  }
}

/** @param part - Of `second`, 0..256. */
function mixRedBlue(first: number, second: number, part: number): number {
  const sum = Math.imul(first & 0xff00ff, 256 - part) + Math.imul(second & 0xff00ff, part);
  return ((sum + 0x800080) >>> 8) & 0xff00ff;
}

/** The green of two words, 0..255. */
function mixGreen(first: number, second: number, part: number): number {
  const one = (first >>> 8) & 0xff;
  const other = (second >>> 8) & 0xff;
  return (one * (256 - part) + other * part + 128) >>> 8;
}

/** Lays `share` of the colour of one word over another, both straight (Porter and Duff 1984, "over"). */
function layOver(word: number, share: number, behind: number): number {
  const above = ((word >>> 24) / 255) * share;
  const below = ((behind >>> 24) / 255) * (1 - above);
  const alpha = above + below;
  if (alpha === 0) return 0;
  const part = Math.round((256 * above) / alpha);
  return (
    mixRedBlue(behind, word, part) |
    (mixGreen(behind, word, part) << 8) |
    (Math.round(255 * alpha) << 24)
  );
}

function copySpan(source: Pixels, target: Pixels, from: number, to: number, y: number): void {
  const start = y * target.width;
  target.words.set(source.words.subarray(start + from, start + to), start + from);
}
