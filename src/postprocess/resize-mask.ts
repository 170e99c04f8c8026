/**
 * Resizes a mask bilinearly, with half-pixel centres and the edge repeated, as textures are sampled on a GPU.
 *
 * @param source - `sourceWidth * sourceHeight` values, row-major.
 * @param target - `targetWidth * targetHeight` values, written.
 */
export function resizeMask(
  source: Float32Array,
  sourceWidth: number,
  sourceHeight: number,
  target: Float32Array,
  targetWidth: number,
  targetHeight: number,
): void {
  const columns = createTaps(sourceWidth, targetWidth);
  const rows = createTaps(sourceHeight, targetHeight);
  for (let y = 0, at = 0; y < targetHeight; y++) {
    const top = (rows.low[y] as number) * sourceWidth;
    const bottom = (rows.high[y] as number) * sourceWidth;
    const down = rows.part[y] as number;
    for (let x = 0; x < targetWidth; x++, at++) {
      const left = columns.low[x] as number;
      const right = columns.high[x] as number;
      const across = columns.part[x] as number;
      const upper = mix(source[top + left] as number, source[top + right] as number, across);
      const lower = mix(source[bottom + left] as number, source[bottom + right] as number, across);
      target[at] = mix(upper, lower, down);
    }
  }
}

interface Taps {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
  readonly part: Float32Array;
}

/** For each target position: the two source positions around it, and how near it is to the second. */
function createTaps(sourceSize: number, targetSize: number): Taps {
  const low = new Uint32Array(targetSize);
  const high = new Uint32Array(targetSize);
  const part = new Float32Array(targetSize);
  for (let i = 0; i < targetSize; i++) {
    const center = ((i + 0.5) * sourceSize) / targetSize - 0.5;
    const clamped = Math.min(Math.max(center, 0), sourceSize - 1);
    low[i] = Math.floor(clamped);
    high[i] = Math.min(Math.floor(clamped) + 1, sourceSize - 1);
    part[i] = clamped - Math.floor(clamped);
  }
  return { low, high, part };
}

function mix(a: number, b: number, part: number): number {
  return a + (b - a) * part;
}
