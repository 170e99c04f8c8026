/** One channel of a picture, row-major. */
export interface Plane {
  readonly width: number;
  readonly height: number;
  readonly values: ArrayLike<number>;
}

/**
 * Stretches a plane: an axis that shrinks is averaged over the exact footprint, one that grows is interpolated
 * linearly between pixel centres.
 */
export function stretchPlane(source: Plane, width: number, height: number): Float64Array {
  const columns = weightsAlong(source.width, width);
  const rows = weightsAlong(source.height, height);
  return Float64Array.from({ length: width * height }, (_, i) => {
    let sum = 0;
    for (const [y, rowWeight] of rows[Math.floor(i / width)] ?? []) {
      for (const [x, weight] of columns[i % width] ?? []) {
        sum += rowWeight * weight * (source.values[y * source.width + x] ?? NaN);
      }
    }
    return sum;
  });
}

/** For each target pixel, source pixels and their weights, which add up to 1. */
function weightsAlong(sourceSize: number, targetSize: number): [pixel: number, weight: number][][] {
  const scale = sourceSize / targetSize;
  return Array.from({ length: targetSize }, (_, i) => {
    if (scale < 1) {
      const centre = Math.min(Math.max((i + 0.5) * scale - 0.5, 0), sourceSize - 1);
      const low = Math.floor(centre);
      const high = Math.min(low + 1, sourceSize - 1);
      return [
        [low, 1 - (centre - low)],
        [high, centre - low],
      ];
    }
    const pixels: [number, number][] = [];
    for (
      let pixel = Math.floor(i * scale);
      pixel < Math.min((i + 1) * scale, sourceSize);
      pixel++
    ) {
      const covered = Math.min(pixel + 1, (i + 1) * scale) - Math.max(pixel, i * scale);
      pixels.push([pixel, covered / scale]);
    }
    return pixels;
  });
}
