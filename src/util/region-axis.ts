import { LinearAxis } from './linear-axis.ts';

/** How a smaller row lies over part of a larger one. */
export interface RegionAxis {
  /** The first pixel of the larger row whose centre is over the smaller. */
  readonly first: number;
  /** From there on, as far as the smaller one reaches. */
  readonly axis: LinearAxis;
}

/**
 * @param sourceSize - Of the smaller row, in pixels.
 * @param size - Of the larger.
 * @param start - Where the smaller one begins, and how long it is, as shares of the larger.
 */
export function planRegionAxis(
  sourceSize: number,
  size: number,
  start: number,
  length: number,
): RegionAxis {
  const first = firstInside(start, size);
  const count = Math.max(firstInside(start + length, size) - first, 0);
  return { first, axis: new LinearAxis(sourceSize, count, length * size, first - start * size) };
}

/** The first pixel, of so many, whose centre does not lie before a share of them. */
function firstInside(share: number, size: number): number {
  return Math.ceil(share * size - 0.5 - rounding);
}

/** What floats lose of a whole number of pixels. */
const rounding = 0.001;
