import { fullWeight, type MaskLevels } from './mask-levels.ts';
import { LinearAxis } from '../util/linear-axis.ts';

/** What is done with the pixels of a frame, by how much of a person they are. `from` to before `to`, in row `y`. */
export interface SpanPainter {
  /** Called before the spans of a row. */
  beginRow?(y: number): void;
  background(from: number, to: number, y: number): void;
  person(from: number, to: number, y: number): void;
  /** Between the two; {@link MaskSpans.weightAt} tells how far. */
  edge(from: number, to: number, y: number): void;
}

/** Less than half a level from all or nothing is all or nothing. */
const halfLevel = 128;

/**
 * Stretches a small mask over a frame row by row, and finds out which stretches of a row are all background or all person:
 * most of them, and nothing needs to be computed there.
 */
export class MaskSpans {
  #columns = new LinearAxis(1, 1);
  #rows = new LinearAxis(1, 1);
  /** The mask's values on the height of the current row, 0..{@link fullWeight}; one more than it has. */
  #row = new Int32Array(2);

  /** Goes through a frame of this size from top to bottom, each row from left to right. */
  paint(mask: MaskLevels, width: number, height: number, painter: SpanPainter): void {
    this.#plan(mask, width, height);
    for (let y = 0; y < height; y++) {
      this.#stretchRow(mask, y);
      painter.beginRow?.(y);
      this.#paintRow(mask.width, y, painter);
    }
  }

  /** How much of a person the pixel in column `x` of the current row is, 0..{@link fullWeight}. */
  weightAt(x: number): number {
    const at = this.#columns.base[x] as number;
    const value = this.#row[at] as number;
    const next = this.#row[at + 1] as number;
    return value + (((next - value) * (this.#columns.part[x] as number) + 16384) >> 15);
  }

  #plan(mask: MaskLevels, width: number, height: number): void {
    if (this.#columns.sourceSize !== mask.width || this.#columns.targetSize !== width) {
      this.#columns = new LinearAxis(mask.width, width);
      this.#row = new Int32Array(mask.width + 1);
    }
    if (this.#rows.sourceSize !== mask.height || this.#rows.targetSize !== height) {
      this.#rows = new LinearAxis(mask.height, height);
    }
  }

  #stretchRow({ width, height, weights }: MaskLevels, y: number): void {
    const row = this.#row;
    const base = this.#rows.base[y] as number;
    const part = this.#rows.part[y] as number;
    const above = base * width;
    const below = Math.min(base + 1, height - 1) * width;
    for (let x = 0; x < width; x++) {
      const value = weights[above + x] as number;
      row[x] = value + ((((weights[below + x] as number) - value) * part + 16384) >> 15);
    }
    row[width] = row[width - 1] as number;
  }

  #paintRow(maskWidth: number, y: number, painter: SpanPainter): void {
    const row = this.#row;
    const { starts } = this.#columns;
    let from = 0;
    let kind = kindOf(row[0] as number, row[1] as number);
    for (let at = 1; at < maskWidth; at++) {
      const next = kindOf(row[at] as number, row[at + 1] as number);
      if (next === kind) continue;
      const to = starts[at] as number;
      if (to > from) paintSpan(painter, kind, from, to, y);
      from = to;
      kind = next;
    }
    const end = this.#columns.targetSize;
    if (end > from) paintSpan(painter, kind, from, end, y);
  }
}

type Kind = 0 | 1 | 2;

function kindOf(value: number, next: number): Kind {
  if (value < halfLevel && next < halfLevel) return 0;
  const nearlyFull = fullWeight - halfLevel;
  return value >= nearlyFull && next >= nearlyFull ? 1 : 2;
}

function paintSpan(painter: SpanPainter, kind: Kind, from: number, to: number, y: number): void {
  if (kind === 0) painter.background(from, to, y);
  else if (kind === 1) painter.person(from, to, y);
  else painter.edge(from, to, y);
}
