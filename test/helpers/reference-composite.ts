import type { Rgba } from '../../src/stage.ts';

/** Premultiplied RGBA, 0..1, row-major. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly values: Float64Array;
}

export function createReference(
  width: number,
  height: number,
  premultipliedAt: (x: number, y: number) => readonly number[],
): Picture {
  const values = new Float64Array(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) values.set(premultipliedAt(x, y), 4 * (y * width + x));
  }
  return { width, height, values };
}

export function at({ width, values }: Picture, x: number, y: number): readonly number[] {
  return [...values.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)];
}

/** Bilinear between pixel centres, clamped at the edge. */
export function sampleMask(
  mask: ArrayLike<number>,
  maskWidth: number,
  maskHeight: number,
  u: number,
  v: number,
): number {
  const [x, y] = [u * maskWidth - 0.5, v * maskHeight - 0.5];
  const clampTo = (value: number, size: number): number => Math.min(Math.max(value, 0), size - 1);
  const valueAt = (column: number, row: number): number =>
    mask[clampTo(row, maskHeight) * maskWidth + clampTo(column, maskWidth)] ?? NaN;
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const mix = (a: number, b: number, part: number): number => a + (b - a) * part;
  return mix(
    mix(valueAt(left, top), valueAt(left + 1, top), x - left),
    mix(valueAt(left, top + 1), valueAt(left + 1, top + 1), x - left),
    y - top,
  );
}

/** The mask at every pixel of a frame. */
export function stretchMask(
  mask: ArrayLike<number>,
  maskWidth: number,
  maskHeight: number,
  width: number,
  height: number,
): Float64Array {
  return Float64Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return sampleMask(mask, maskWidth, maskHeight, (x + 0.5) / width, (y + 0.5) / height);
  });
}

export function cutOut(frame: Picture, mask: Float64Array): Picture {
  return createReference(frame.width, frame.height, (x, y) =>
    at(frame, x, y).map((channel) => channel * (mask[y * frame.width + x] ?? NaN)),
  );
}

/** `upper` over `lower`. */
export function layOver(upper: Picture, lower: Picture): Picture {
  return createReference(upper.width, upper.height, (x, y) => {
    const above = at(upper, x, y);
    return at(lower, x, y).map(
      (channel, i) => (above[i] ?? NaN) + channel * (1 - (above[3] ?? NaN)),
    );
  });
}

export function fill(width: number, height: number, [red, green, blue, alpha]: Rgba): Picture {
  return createReference(width, height, () => [red * alpha, green * alpha, blue * alpha, alpha]);
}

/** Gaussian of frame * (1 - mask) divided by that of the weights; what lies outside has no weight. Slow and plain. */
export function blurBackground(frame: Picture, mask: Float64Array, sigmaPx: number): Picture {
  const { width, height } = frame;
  const weighted = createReference(width, height, (x, y) =>
    at(frame, x, y).map((channel) => channel * (1 - (mask[y * width + x] ?? NaN))),
  );
  const across = blurAlong(weighted, sigmaPx, 1, 0);
  const sums = blurAlong(across, sigmaPx, 0, 1);
  return createReference(width, height, (x, y) => {
    const sum = at(sums, x, y);
    return sum.map((channel) => channel / Math.max(sum[3] ?? NaN, 1e-9));
  });
}

function blurAlong(picture: Picture, sigmaPx: number, stepX: number, stepY: number): Picture {
  const { width, height } = picture;
  const radius = Math.ceil(4 * sigmaPx);
  return createReference(width, height, (x, y) => {
    const sum = [0, 0, 0, 0];
    for (let offset = -radius; offset <= radius; offset++) {
      const [column, row] = [x + offset * stepX, y + offset * stepY];
      if (column < 0 || row < 0 || column >= width || row >= height) continue;
      const weight = Math.exp(-(offset ** 2) / (2 * sigmaPx ** 2));
      at(picture, column, row).forEach((channel, i) => (sum[i] = (sum[i] ?? 0) + weight * channel));
    }
    return sum;
  });
}
