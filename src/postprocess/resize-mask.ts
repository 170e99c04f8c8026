import { isSameRegion, wholeFrame } from '../util/region.ts';
import { createSampleAxis, planSampleAxis, type SampleAxis } from '../util/sample-axis.ts';

/**
 * Resizes a mask bilinearly, between pixel centres and clamped at the edge: the same as the composite stage samples it.
 *
 * @param source - `[sourceHeight, sourceWidth] float32`, row-major.
 * @param target - `[targetHeight, targetWidth] float32`, row-major. Filled here.
 * @param region - The part of the target under the source; beyond it there is nobody: 0.
 */
export function resizeMask(
  source: Float32Array,
  sourceWidth: number,
  sourceHeight: number,
  target: Float32Array,
  targetWidth: number,
  targetHeight: number,
  region = wholeFrame,
): void {
  const isWhole = isSameRegion(region, wholeFrame);
  if (isWhole && sourceWidth === targetWidth && sourceHeight === targetHeight) {
    target.set(source);
    return;
  }
  const columns = createSampleAxis(targetWidth);
  const rows = createSampleAxis(targetHeight);
  planSampleAxis(columns, sourceWidth, region.x, region.width);
  planSampleAxis(rows, sourceHeight, region.y, region.height);
  // Each source row is stretched once; most target rows lie between the same two.
  const stretched: [StretchedRow, StretchedRow] = [
    { index: -1, values: new Float32Array(targetWidth) },
    { index: -1, values: new Float32Array(targetWidth) },
  ];
  for (let y = 0; y < targetHeight; y++) {
    const low = rows.low[y] ?? 0;
    const start = y * targetWidth;
    if (low < 0) {
      target.fill(0, start, start + targetWidth);
      continue;
    }
    const high = Math.min(low + 1, sourceHeight - 1);
    const above = stretchRow(source, sourceWidth, low, columns, stretched);
    const below = stretchRow(source, sourceWidth, high, columns, stretched);
    const part = rows.part[y] ?? 0;
    for (let x = 0; x < targetWidth; x++) {
      const value = above[x] ?? 0;
      target[start + x] = value + ((below[x] ?? 0) - value) * part;
    }
  }
}

interface StretchedRow {
  index: number;
  readonly values: Float32Array;
}

/** Rows alternate between the two buffers by parity, so that two neighbours never share one. */
function stretchRow(
  source: Float32Array,
  sourceWidth: number,
  index: number,
  columns: SampleAxis,
  stretched: readonly [StretchedRow, StretchedRow],
): Float32Array {
  const row = stretched[index % 2 === 0 ? 0 : 1];
  if (row.index === index) return row.values;
  row.index = index;
  const start = index * sourceWidth;
  const last = sourceWidth - 1;
  for (let x = 0; x < row.values.length; x++) {
    const low = columns.low[x] ?? 0;
    if (low < 0) {
      row.values[x] = 0;
      continue;
    }
    const value = source[start + low] ?? 0;
    const next = source[start + Math.min(low + 1, last)] ?? 0;
    row.values[x] = value + (next - value) * (columns.part[x] ?? 0);
  }
  return row.values;
}
