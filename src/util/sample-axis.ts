/** Where the pixels of a row fall between those of another, for bilinear sampling between pixel centres, clamped at the ends. */
export interface SampleAxis {
  /** The pixel at or before each target pixel; -1 where the other row does not reach. */
  readonly low: Int32Array;
  /** How far on the way from `low` to the next, 0..1. */
  readonly part: Float32Array;
}

export function createSampleAxis(targetSize: number): SampleAxis {
  return { low: new Int32Array(targetSize), part: new Float32Array(targetSize) };
}

/**
 * Fills an axis.
 *
 * @param start - Where the source begins in the target, as a share of the latter, and how long it is there.
 */
export function planSampleAxis(
  { low, part }: SampleAxis,
  sourceSize: number,
  start = 0,
  length = 1,
): void {
  const targetSize = low.length;
  const first = start * targetSize;
  const extent = length * targetSize;
  for (let i = 0; i < targetSize; i++) {
    const place = i + 0.5 - first;
    const centre = (place * sourceSize) / extent - 0.5;
    const clamped = Math.min(Math.max(centre, 0), sourceSize - 1);
    low[i] = place < 0 || place > extent ? -1 : Math.floor(clamped);
    part[i] = clamped - Math.floor(clamped);
  }
}
