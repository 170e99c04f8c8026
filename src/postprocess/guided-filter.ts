import { averageBoxes, sumBoxes } from './box-sum.ts';

/** Probabilities between which a model's mask rises from background to person before it is fitted. */
export const maskCurve = [0.3, 0.9] as const;
/** The same for the alpha that comes out. */
export const alphaCurve = [0.2, 0.8] as const;
/** Weight of a pixel of which the mask knows nothing, where one of which it is sure has 1. */
export const leastWeight = 0.01;
/** Added to the variance of each colour, of 0..1: contrast below its root, 3 %, does not count as an edge. */
export const regularization = 1e-3;
/** How finely a mask is fitted. */
export interface FitDetail {
  /** Pixels of the mask to one of the grid, along each axis. */
  readonly shrinkFactor: number;
  /** Of the window in which a grid pixel's colours are fitted to the mask, in grid pixels. */
  readonly fitRadius: number;
  /** Of the window over which the fits are averaged, in grid pixels. */
  readonly meanRadius: number;
}

/** Fits in windows of 18 mask pixels across. */
export const fineFit: FitDetail = { shrinkFactor: 2, fitRadius: 4, meanRadius: 2 };
/** In 20, for a third of the time. */
export const coarseFit: FitDetail = { shrinkFactor: 4, fitRadius: 2, meanRadius: 1 };

/** Of what sums over windows are taken: the weight alone, and times red, green, blue, mask and their products. */
const momentCount = 14;

/**
 * Moves a mask's outline to where the colours of the picture change. In a window around each pixel alpha is taken to be a
 * linear function of the colour, `alpha = a · rgb + b`, fitted to the mask by least squares, weighted by how sure the mask is.
 * The coefficients vary slowly: they are computed on a grid smaller than the mask, and stretched over the frame, where they
 * turn its own pixels into alpha as fine as the frame.
 *
 * The model calls a little too much a person on all data measured, and is wrong by several of its pixels rather than unsharp:
 * hence the curve before and the wide window.
 *
 * Source: K. He, J. Sun, "Fast Guided Filter", arXiv:1505.00996, 2015, in colour; the weights and the two curves are ours.
 */
export class GuidedFilter {
  readonly detail: FitDetail;
  readonly width: number;
  readonly height: number;
  /** Size of the grid. A last column or row of half a cell counts as a whole one. */
  readonly gridWidth: number;
  readonly gridHeight: number;
  /**
   * `[3, gridHeight, gridWidth, 4] float32`: factors of red, green and blue (each 0..1), and what is added; then room for what
   * ForegroundColors adds.
   */
  readonly coefficients: Float32Array;
  /** `[gridHeight, gridWidth, 4] float32`: red, green, blue and mask after its curve, 0..1. */
  readonly cells: Float32Array;

  readonly #moments: readonly Float32Array[];
  readonly #planes: readonly Float32Array[];
  readonly #scratch: Float32Array;
  /** Of each column of the mask: where its left cell begins in a row, and how far it is on the way to the next. */
  readonly #columns: Int32Array;
  readonly #columnParts: Float32Array;
  readonly #row: Float32Array;

  /** @param size - Of the mask, in pixels. */
  constructor(
    { width, height }: { readonly width: number; readonly height: number },
    detail: FitDetail,
  ) {
    const { shrinkFactor } = detail;
    this.detail = detail;
    this.width = width;
    this.height = height;
    this.gridWidth = Math.ceil(width / shrinkFactor);
    this.gridHeight = Math.ceil(height / shrinkFactor);
    const count = this.gridWidth * this.gridHeight;
    const createPlanes = (planes: number): Float32Array[] =>
      Array.from({ length: planes }, () => new Float32Array(count));
    this.coefficients = new Float32Array(12 * count);
    this.cells = new Float32Array(4 * count);
    this.#moments = createPlanes(momentCount);
    this.#planes = createPlanes(4);
    this.#scratch = new Float32Array(count);
    const places = Float64Array.from({ length: width }, (_, x) =>
      placeOn(x, shrinkFactor, this.gridWidth),
    );
    this.#columns = Int32Array.from(places, (place) => 4 * Math.floor(place));
    this.#columnParts = Float32Array.from(places, (place) => place % 1);
    this.#row = new Float32Array(4 * (this.gridWidth + 1));
  }

  /**
   * Computes {@link coefficients}.
   *
   * @param mask - `[height, width] float32`, probability of a person, 0..1.
   * @param picture - `[height, width, 4] uint8`, RGBA, opaque: the frame at the mask's size, as the model saw it.
   */
  fit(mask: Float32Array, picture: Uint8ClampedArray): void {
    this.#gather(mask, picture);
    this.#multiply();
    for (const plane of this.#moments) {
      sumBoxes(plane, this.gridWidth, this.gridHeight, this.detail.fitRadius, this.#scratch);
    }
    this.#solve();
    this.#average();
  }

  /**
   * Applies {@link coefficients} to the picture that was fitted.
   *
   * @param picture - As {@link fit} had it.
   * @param alpha - `[height, width] float32`, 0..1. Filled here.
   * @param coefficients - Of another fit of this filter, if not the last.
   */
  apply(
    picture: Uint8ClampedArray,
    alpha: Float32Array,
    coefficients: Float32Array = this.coefficients,
  ): void {
    const { width, height } = this;
    const row = this.#row;
    const columns = this.#columns;
    const parts = this.#columnParts;
    const [low, high] = alphaCurve;
    const scale = 1 / (high - low);
    for (let y = 0, to = 0; y < height; y++) {
      this.#stretchRow(coefficients, y);
      for (let x = 0; x < width; x++, to++) {
        const left = columns[x] as number;
        const across = parts[x] as number;
        const red = row[left] as number;
        const green = row[left + 1] as number;
        const blue = row[left + 2] as number;
        const added = row[left + 3] as number;
        const value =
          ((red + across * ((row[left + 4] as number) - red)) * (picture[4 * to] as number) +
            (green + across * ((row[left + 5] as number) - green)) *
              (picture[4 * to + 1] as number) +
            (blue + across * ((row[left + 6] as number) - blue)) *
              (picture[4 * to + 2] as number)) /
            255 +
          added +
          across * ((row[left + 7] as number) - added);
        const part = Math.min(Math.max((value - low) * scale, 0), 1);
        alpha[to] = part * part * (3 - 2 * part);
      }
    }
  }

  /** The coefficients at the height of a row of the mask, with the last ones twice. */
  #stretchRow(coefficients: Float32Array, y: number): void {
    const { gridWidth, gridHeight } = this;
    const row = this.#row;
    const gridY = placeOn(y, this.detail.shrinkFactor, gridHeight);
    const top = Math.floor(gridY);
    const down = gridY - top;
    const above = 4 * top * gridWidth;
    const below = 4 * Math.min(top + 1, gridHeight - 1) * gridWidth;
    for (let i = 0; i < 4 * gridWidth; i++) {
      const value = coefficients[above + i] as number;
      row[i] = value + down * ((coefficients[below + i] as number) - value);
    }
    row.copyWithin(4 * gridWidth, 4 * (gridWidth - 1), 4 * gridWidth);
  }

  /** Shrinks mask and picture onto the grid. */
  #gather(mask: Float32Array, picture: Uint8ClampedArray): void {
    const { width, height, gridWidth, gridHeight } = this;
    const cells = this.cells;
    const { shrinkFactor } = this.detail;
    const [low, high] = maskCurve;
    const scale = 1 / (high - low);
    const share = 1 / shrinkFactor ** 2;
    cells.fill(0);
    for (let line = 0; line < shrinkFactor * gridHeight; line++) {
      const row = Math.min(line, height - 1) * width;
      let cell = 4 * Math.floor(line / shrinkFactor) * gridWidth;
      for (let left = 0; left < width; left += shrinkFactor, cell += 4) {
        let red = 0;
        let green = 0;
        let blue = 0;
        let sum = 0;
        for (let x = left; x < left + shrinkFactor; x++) {
          const at = row + (x < width ? x : width - 1);
          red += picture[4 * at] as number;
          green += picture[4 * at + 1] as number;
          blue += picture[4 * at + 2] as number;
          const part = Math.min(Math.max(((mask[at] as number) - low) * scale, 0), 1);
          sum += part * part * (3 - 2 * part);
        }
        cells[cell] = (cells[cell] as number) + (red * share) / 255;
        cells[cell + 1] = (cells[cell + 1] as number) + (green * share) / 255;
        cells[cell + 2] = (cells[cell + 2] as number) + (blue * share) / 255;
        cells[cell + 3] = (cells[cell + 3] as number) + sum * share;
      }
    }
  }

  /** Fills the moments of each cell alone. */
  #multiply(): void {
    const cells = this.cells;
    const [w, wr, wg, wb, wm, rr, rg, rb, gg, gb, bb, rm, gm, bm] = this.#moments as Moments;
    for (let i = 0, from = 0; i < w.length; i++, from += 4) {
      const red = cells[from] as number;
      const green = cells[from + 1] as number;
      const blue = cells[from + 2] as number;
      const mask = cells[from + 3] as number;
      const weight = (2 * mask - 1) ** 2 + leastWeight;
      const weightedRed = weight * red;
      const weightedGreen = weight * green;
      const weightedBlue = weight * blue;
      w[i] = weight;
      wr[i] = weightedRed;
      wg[i] = weightedGreen;
      wb[i] = weightedBlue;
      wm[i] = weight * mask;
      rr[i] = weightedRed * red;
      rg[i] = weightedRed * green;
      rb[i] = weightedRed * blue;
      gg[i] = weightedGreen * green;
      gb[i] = weightedGreen * blue;
      bb[i] = weightedBlue * blue;
      rm[i] = weightedRed * mask;
      gm[i] = weightedGreen * mask;
      bm[i] = weightedBlue * mask;
    }
  }

  /** `a = (cov(rgb, rgb) + regularization)⁻¹ cov(rgb, mask)`, by cofactors; `b = mean(mask) - a · mean(rgb)`. */
  #solve(): void {
    const moments = this.#moments as Moments;
    const [w, wr, wg, wb, wm, wrr, wrg, wrb, wgg, wgb, wbb, wrm, wgm, wbm] = moments;
    const [factorRed, factorGreen, factorBlue, added] = this.#planes as Planes;
    for (let i = 0; i < w.length; i++) {
      const per = 1 / (w[i] as number);
      const red = (wr[i] as number) * per;
      const green = (wg[i] as number) * per;
      const blue = (wb[i] as number) * per;
      const mask = (wm[i] as number) * per;
      const rr = (wrr[i] as number) * per - red * red + regularization;
      const rg = (wrg[i] as number) * per - red * green;
      const rb = (wrb[i] as number) * per - red * blue;
      const gg = (wgg[i] as number) * per - green * green + regularization;
      const gb = (wgb[i] as number) * per - green * blue;
      const bb = (wbb[i] as number) * per - blue * blue + regularization;
      const rm = (wrm[i] as number) * per - red * mask;
      const gm = (wgm[i] as number) * per - green * mask;
      const bm = (wbm[i] as number) * per - blue * mask;
      const c00 = gg * bb - gb * gb;
      const c01 = rb * gb - rg * bb;
      const c02 = rg * gb - rb * gg;
      const c11 = rr * bb - rb * rb;
      const c12 = rg * rb - rr * gb;
      const c22 = rr * gg - rg * rg;
      const scale = 1 / (rr * c00 + rg * c01 + rb * c02);
      const a0 = (c00 * rm + c01 * gm + c02 * bm) * scale;
      const a1 = (c01 * rm + c11 * gm + c12 * bm) * scale;
      const a2 = (c02 * rm + c12 * gm + c22 * bm) * scale;
      factorRed[i] = a0;
      factorGreen[i] = a1;
      factorBlue[i] = a2;
      added[i] = mask - a0 * red - a1 * green - a2 * blue;
    }
  }

  #average(): void {
    const { gridWidth, gridHeight, coefficients } = this;
    const { meanRadius } = this.detail;
    for (const [channel, plane] of this.#planes.entries()) {
      averageBoxes(plane, gridWidth, gridHeight, meanRadius, this.#scratch);
      for (let i = 0; i < plane.length; i++) coefficients[4 * i + channel] = plane[i] as number;
    }
  }
}

/** Where the centre of a mask pixel is between the centres of the grid. */
function placeOn(pixel: number, shrinkFactor: number, size: number): number {
  return Math.min(Math.max((pixel + 0.5) / shrinkFactor - 0.5, 0), size - 1);
}

type Planes = readonly [Float32Array, Float32Array, Float32Array, Float32Array];
type Moments = readonly [
  ...[Float32Array, Float32Array, Float32Array, Float32Array, Float32Array],
  ...[Float32Array, Float32Array, Float32Array, Float32Array, Float32Array, Float32Array],
  ...[Float32Array, Float32Array, Float32Array],
];
