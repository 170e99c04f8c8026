/** Straight RGBA, 0..255. */
export type Pixel = readonly [red: number, green: number, blue: number, alpha: number];

/** Straight RGBA of a picture, 8 bit, row-major. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** A picture by formula. */
export function paint(
  width: number,
  height: number,
  pixelAt: (x: number, y: number) => Pixel,
): Pixels {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(pixelAt(x, y), 4 * (y * width + x));
  }
  return { width, height, data };
}

/** A picture of one colour. */
export function paintFlat(width: number, height: number, pixel: Pixel): Pixels {
  return paint(width, height, () => pixel);
}

/** A picture whose left half is of one colour and whose right half is of another. */
export function paintHalves(width: number, height: number, left: Pixel, right: Pixel): Pixels {
  return paint(width, height, (x) => (2 * x < width ? left : right));
}

/** Keeps its alpha. The caller closes it. */
export function createRgbaFrame({ width, height, data }: Pixels, timestamp = 0): VideoFrame {
  return new VideoFrame(data.slice(), {
    format: 'RGBA',
    codedWidth: width,
    codedHeight: height,
    timestamp,
  });
}

/** Holds the pixels as straight alpha where the browser lets it. The caller closes it. */
export function createBitmap({ width, height, data }: Pixels): Promise<ImageBitmap> {
  return createImageBitmap(new ImageData(data.slice(), width, height));
}

/** Straight RGBA of one pixel. */
export function pixelAt({ width, data }: Pixels | ImageData, x: number, y: number): Pixel {
  return [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)] as unknown as Pixel;
}
