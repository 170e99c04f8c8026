import type { EffectOptions } from '../../src/stage.ts';
import type { Pixels } from './frames.ts';

/** Probabilities of foreground, 0..1, row-major. */
export interface MaskPixels {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array<ArrayBuffer>;
}

/** All that one composite is made of. */
export interface Scene {
  /** Straight alpha. */
  readonly frame: Pixels;
  readonly mask: MaskPixels;
  /** Straight alpha; null: none. */
  readonly picture?: Pixels | null;
  readonly options: EffectOptions;
}

/** Premultiplied RGBA, 0..255, not rounded. */
export type Premultiplied = readonly [red: number, green: number, blue: number, alpha: number];

/** A mask by formula. */
export function paintMask(
  width: number,
  height: number,
  valueAt: (x: number, y: number) => number,
): MaskPixels {
  const values = Float32Array.from({ length: width * height }, (_, i) =>
    valueAt(i % width, Math.floor(i / width)),
  );
  return { width, height, values };
}

/** Draws a scene in double precision. The blur is a plain Gaussian over what is no person; the outside has no weight. */
export function compositeReference({
  frame,
  mask,
  picture = null,
  options,
}: Scene): Premultiplied[] {
  const { width, height } = frame;
  const { effect } = options;
  const masks = pixels(width, height, (x, y) =>
    maskAt(mask, (x + 0.5) / width, (y + 0.5) / height),
  );
  const room = effect === 'blur' ? blurRoom(frame, masks, options.blurRadiusPx) : [];
  return pixels(width, height, (x, y) => {
    const at = y * width + x;
    const color = premultipliedAt(frame, x, y);
    const m = masks[at] ?? NaN;
    if (effect === 'none') return color;
    if (effect === 'mask') return [255 * m, 255 * m, 255 * m, 255];
    const person = scale(color, m);
    if (effect === 'cutout') return person;
    if (effect === 'blur') return add(person, scale(room[at] ?? [NaN, NaN, NaN, NaN], 1 - m));
    const backdrop = backdropAt(
      picture,
      options,
      (x + 0.5) / width,
      (y + 0.5) / height,
      width / height,
    );
    return add(person, scale(backdrop, 1 - person[3] / 255));
  });
}

function pixels<T>(width: number, height: number, valueAt: (x: number, y: number) => T): T[] {
  return Array.from({ length: width * height }, (_, i) =>
    valueAt(i % width, Math.floor(i / width)),
  );
}

function scale([red, green, blue, alpha]: Premultiplied, by: number): Premultiplied {
  return [red * by, green * by, blue * by, alpha * by];
}

function add(a: Premultiplied, b: Premultiplied): Premultiplied {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]];
}

function premultipliedAt({ width, height, data }: Pixels, x: number, y: number): Premultiplied {
  const [column, row] = [clamp(x, width - 1), clamp(y, height - 1)];
  const at = 4 * (row * width + column);
  const [red = NaN, green = NaN, blue = NaN, alpha = NaN] = data.subarray(at, at + 4);
  return [(red * alpha) / 255, (green * alpha) / 255, (blue * alpha) / 255, alpha];
}

function clamp(value: number, limit: number): number {
  return Math.min(Math.max(value, 0), limit);
}

/** Bilinear between pixel centres, the edge repeated. */
function maskAt({ width, height, values }: MaskPixels, u: number, v: number): number {
  const [x, y] = [u * width - 0.5, v * height - 0.5];
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const at = (column: number, row: number): number =>
    values[clamp(row, height - 1) * width + clamp(column, width - 1)] ?? NaN;
  const mix = (a: number, b: number, part: number): number => a + (b - a) * part;
  return mix(
    mix(at(left, top), at(left + 1, top), x - left),
    mix(at(left, top + 1), at(left + 1, top + 1), x - left),
    y - top,
  );
}

/** The picture, which covers, over the colour. Samples one pixel: to be compared where the picture is flat. */
function backdropAt(
  picture: Pixels | null,
  { backgroundColor: [red, green, blue, alpha] }: EffectOptions,
  u: number,
  v: number,
  aspect: number,
): Premultiplied {
  const color: Premultiplied = scale([255 * red, 255 * green, 255 * blue, 255], alpha);
  if (!picture) return color;
  const pictureAspect = picture.width / picture.height;
  const shareX = Math.min(1, aspect / pictureAspect);
  const shareY = Math.min(1, pictureAspect / aspect);
  const x = Math.floor((0.5 + (u - 0.5) * shareX) * picture.width);
  const y = Math.floor((0.5 + (v - 0.5) * shareY) * picture.height);
  const over = premultipliedAt(picture, x, y);
  return add(over, scale(color, 1 - over[3] / 255));
}

/** What is behind the person, opaque, for an opaque frame. */
function blurRoom(frame: Pixels, masks: readonly number[], sigma: number): Premultiplied[] {
  const { width, height } = frame;
  const weighted = pixels(width, height, (x, y): Premultiplied => {
    const [red, green, blue] = premultipliedAt(frame, x, y);
    return scale([red, green, blue, 255], 1 - (masks[y * width + x] ?? NaN));
  });
  const across = gaussian(weighted, width, height, sigma, 1, 0);
  return gaussian(across, width, height, sigma, 0, 1).map((sum) => scale(sum, 255 / sum[3]));
}

function gaussian(
  source: readonly Premultiplied[],
  width: number,
  height: number,
  sigma: number,
  stepX: number,
  stepY: number,
): Premultiplied[] {
  const radius = Math.ceil(4 * sigma);
  return pixels(width, height, (x, y) => {
    let sum: Premultiplied = [0, 0, 0, 0];
    for (let i = -radius; i <= radius; i++) {
      const [column, row] = [x + i * stepX, y + i * stepY];
      if (column < 0 || row < 0 || column >= width || row >= height) continue;
      const weight = sigma === 0 ? 1 : Math.exp((-i * i) / (2 * sigma * sigma));
      sum = add(sum, scale(source[row * width + column] ?? [NaN, NaN, NaN, NaN], weight));
    }
    return sum;
  });
}

/** The pixels of an image, premultiplied. */
export function premultiply({ data }: ImageData): Premultiplied[] {
  return Array.from({ length: data.length / 4 }, (_, i) => {
    const [red = NaN, green = NaN, blue = NaN, alpha = NaN] = data.subarray(4 * i, 4 * i + 4);
    return [(red * alpha) / 255, (green * alpha) / 255, (blue * alpha) / 255, alpha];
  });
}

/** Largest difference in any channel, in levels of 255. NaN when an image is of another size. */
export function differenceOf(
  image: ImageData,
  reference: readonly Premultiplied[],
  isCompared: (x: number, y: number) => boolean = () => true,
): number {
  const actual = premultiply(image);
  if (actual.length !== reference.length) return NaN;
  let largest = 0;
  for (const [i, pixel] of actual.entries()) {
    if (!isCompared(i % image.width, Math.floor(i / image.width))) continue;
    for (const [channel, level] of pixel.entries()) {
      const difference = Math.abs(level - (reference[i]?.[channel] ?? NaN));
      if (!(difference <= largest)) largest = difference;
    }
  }
  return largest;
}
