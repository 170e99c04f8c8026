import type { ModelInput } from '../../src/stage.ts';
import type { Pixels } from './frames.ts';

interface Tap {
  readonly index: number;
  readonly weight: number;
}

/**
 * Which source positions a target position is made of, along one axis: the mean over its exact footprint where the
 * axis shrinks, the two nearest centres where it grows. Weights add up to 1.
 */
function tapsOf(index: number, sourceSize: number, targetSize: number): Tap[] {
  const ratio = sourceSize / targetSize;
  if (ratio < 1) {
    const center = (index + 0.5) * ratio - 0.5;
    const part = center - Math.floor(center);
    const clamp = (i: number): number => Math.min(Math.max(i, 0), sourceSize - 1);
    return [
      { index: clamp(Math.floor(center)), weight: 1 - part },
      { index: clamp(Math.floor(center) + 1), weight: part },
    ];
  }
  const [start, end] = [index * ratio, (index + 1) * ratio];
  return Array.from({ length: sourceSize }, (_, i) => {
    const overlap = Math.min(i + 1, end) - Math.max(i, start);
    return { index: i, weight: Math.max(0, overlap) / ratio };
  }).filter(({ weight }) => weight > 0);
}

/** Samples premultiplied pixels to a model's size, in double precision. RGB, 0..1, row-major, `nhwc`. */
export function resampleReference(
  { width, height, data }: Pixels,
  targetWidth: number,
  targetHeight: number,
): Float64Array {
  const target = new Float64Array(3 * targetWidth * targetHeight);
  for (let y = 0; y < targetHeight; y++) {
    const rows = tapsOf(y, height, targetHeight);
    for (let x = 0; x < targetWidth; x++) {
      for (const column of tapsOf(x, width, targetWidth)) {
        for (const row of rows) {
          const from = 4 * (row.index * width + column.index);
          const to = 3 * (y * targetWidth + x);
          for (let channel = 0; channel < 3; channel++) {
            const level = (data[from + channel] ?? NaN) / 255;
            target[to + channel] =
              (target[to + channel] ?? NaN) + row.weight * column.weight * level;
          }
        }
      }
    }
  }
  return target;
}

/** The tensor a model of this input wants of premultiplied pixels. */
export function tensorReference(pixels: Pixels, input: ModelInput): Float64Array {
  const { width, height, layout, order, ranges } = input;
  const rgb = resampleReference(pixels, width, height);
  const area = width * height;
  return Float64Array.from({ length: 3 * area }, (_, at) => {
    const [pixel, channel] =
      layout === 'nchw' ? [at % area, Math.floor(at / area)] : [Math.floor(at / 3), at % 3];
    const color = (order === 'bgr' ? 2 - channel : channel) as 0 | 1 | 2;
    const [low, high] = ranges[color];
    return low + (rgb[3 * pixel + color] ?? NaN) * (high - low);
  });
}

/** Largest difference of two rows of numbers of one length, else NaN. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return NaN;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs((a[i] ?? NaN) - (b[i] ?? NaN));
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}
