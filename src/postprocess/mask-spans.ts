import { fullWeight, type MaskLevels } from './mask-levels.ts';
import { LinearAxis } from '../util/linear-axis.ts';
import { planRegionAxis } from '../util/region-axis.ts';
import { isSameRegion, wholeFrame } from '../util/region.ts';

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
  /** The first pixels of a frame under the mask. */
  #left = 0;
  #top = 0;
  /** What the axes were made for. */
  #planned = { maskWidth: 0, maskHeight: 0, width: 0, height: 0, region: wholeFrame };
  /** The mask's values on the height of the current row, 0..{@link fullWeight}; one more than it has. */
  #row = new Int32Array(2);

  /** Goes through a frame of this size from top to bottom, each row from left to right. */
  paint(mask: MaskLevels, width: number, height: number, painter: SpanPainter): void {
    this.#plan(mask, width, height);
    const left = this.#left;
    const right = left + this.#columns.targetSize;
    const bottom = this.#top + this.#rows.targetSize;
    for (let y = 0; y < height; y++) {
      painter.beginRow?.(y);
      if (y < this.#top || y >= bottom || right === left) {
        painter.background(0, width, y);
        continue;
      }
      this.#stretchRow(mask, y - this.#top);
      if (left > 0) painter.background(0, left, y);
      this.#paintRow(mask.width, y, painter);
      if (right < width) painter.background(right, width, y);
    }
  }

  /** How much of a person the pixel in column `x` of the current row is, 0..{@link fullWeight}. */
  weightAt(x: number): number {
    const column = x - this.#left;
    const at = this.#columns.base[column] as number;
    const value = this.#row[at] as number;
    const next = this.#row[at + 1] as number;
    return value + (((next - value) * (this.#columns.part[column] as number) + 16384) >> 15);
  }

  #plan(mask: MaskLevels, width: number, height: number): void {
    const { width: maskWidth, height: maskHeight, region } = mask;
    const planned = this.#planned;
    if (
      planned.maskWidth === maskWidth &&
      planned.maskHeight === maskHeight &&
      planned.width === width &&
      planned.height === height &&
      isSameRegion(planned.region, region)
    ) {
      return;
    }
    this.#planned = { maskWidth, maskHeight, width, height, region };
    const columns = planRegionAxis(maskWidth, width, region.x, region.width);
    const rows = planRegionAxis(maskHeight, height, region.y, region.height);
    this.#left = columns.first;
    this.#columns = columns.axis;
    this.#top = rows.first;
    this.#rows = rows.axis;
    if (this.#row.length !== maskWidth + 1) this.#row = new Int32Array(maskWidth + 1);
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
    const left = this.#left;
    let from = left;
    let kind = kindOf(row[0] as number, row[1] as number);
    for (let at = 1; at < maskWidth; at++) {
      const next = kindOf(row[at] as number, row[at + 1] as number);
      if (next === kind) continue;
      const to = left + (starts[at] as number);
      if (to > from) paintSpan(painter, kind, from, to, y);
      from = to;
      kind = next;
    }
    const end = left + this.#columns.targetSize;
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
