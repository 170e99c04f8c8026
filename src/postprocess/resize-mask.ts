/**
 * Resizes a mask bilinearly, between pixel centres and clamped at the edge: the same as the composite stage samples it.
 *
 * @param source - `[sourceHeight, sourceWidth] float32`, row-major.
 * @param target - `[targetHeight, targetWidth] float32`, row-major. Filled here.
 */
export function resizeMask(
  source: Float32Array,
  sourceWidth: number,
  sourceHeight: number,
  target: Float32Array,
  targetWidth: number,
  targetHeight: number,
): void {
  if (sourceWidth === targetWidth && sourceHeight === targetHeight) {
    target.set(source);
    return;
  }
  const columns = planAxis(sourceWidth, targetWidth);
  const rows = planAxis(sourceHeight, targetHeight);
  // Each source row is stretched once; most target rows lie between the same two.
  const stretched: [StretchedRow, StretchedRow] = [
    { index: -1, values: new Float32Array(targetWidth) },
    { index: -1, values: new Float32Array(targetWidth) },
  ];
  for (let y = 0; y < targetHeight; y++) {
    const low = rows.low[y] ?? 0;
    const high = Math.min(low + 1, sourceHeight - 1);
    const above = stretchRow(source, sourceWidth, low, columns, stretched);
    const below = stretchRow(source, sourceWidth, high, columns, stretched);
    const part = rows.part[y] ?? 0;
    const start = y * targetWidth;
    for (let x = 0; x < targetWidth; x++) {
      const value = above[x] ?? 0;
      target[start + x] = value + ((below[x] ?? 0) - value) * part;
    }
  }
}

/** Where each target pixel falls between source pixels. */
interface Axis {
  readonly low: Int32Array;
  /** How far on the way from `low` to the next, 0..1. */
  readonly part: Float32Array;
}

interface StretchedRow {
  index: number;
  readonly values: Float32Array;
}

function planAxis(sourceSize: number, targetSize: number): Axis {
  const low = new Int32Array(targetSize);
  const part = new Float32Array(targetSize);
  for (let i = 0; i < targetSize; i++) {
    const centre = ((i + 0.5) * sourceSize) / targetSize - 0.5;
    const clamped = Math.min(Math.max(centre, 0), sourceSize - 1);
    low[i] = Math.floor(clamped);
    part[i] = clamped - Math.floor(clamped);
  }
  return { low, part };
}

/** Rows alternate between the two buffers by parity, so that two neighbours never share one. */
function stretchRow(
  source: Float32Array,
  sourceWidth: number,
  index: number,
  columns: Axis,
  stretched: readonly [StretchedRow, StretchedRow],
): Float32Array {
  const row = stretched[index % 2 === 0 ? 0 : 1];
  if (row.index === index) return row.values;
  row.index = index;
  const start = index * sourceWidth;
  const last = sourceWidth - 1;
  for (let x = 0; x < row.values.length; x++) {
    const low = columns.low[x] ?? 0;
    const value = source[start + low] ?? 0;
    const next = source[start + Math.min(low + 1, last)] ?? 0;
    row.values[x] = value + (next - value) * (columns.part[x] ?? 0);
  }
  return row.values;
}
