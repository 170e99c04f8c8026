/**
 * Straight, sRGB or Display P3: red, green, blue and alpha of 8 bits each, as `ImageData` has it. `words` are the same bytes as 0xAABBGGRR:
 * every machine with a browser is little-endian.
 *
 * Loops over them compute with red and blue at once: `word & 0xff00ff` leaves 16 bits of room for each. They have such numbers
 * in place: with named constants the engine takes up to twice as long.
 */
export class Pixels {
  readonly width: number;
  readonly height: number;
  readonly image: ImageData;
  readonly colorSpace: PredefinedColorSpace;
  readonly words: Uint32Array;

  /** Transparent. */
  static create(width: number, height: number, colorSpace: PredefinedColorSpace = 'srgb'): Pixels {
    // With an array, as Firefox takes no settings and none in the place of an array.
    const data = new Uint8ClampedArray(4 * width * height);
    return new Pixels(new ImageData(data, width, height, { colorSpace }));
  }

  /** @param image - Shared, not copied. */
  constructor(image: ImageData) {
    this.width = image.width;
    this.height = image.height;
    this.image = image;
    // Browsers that know no other colours do not tell it.
    this.colorSpace = (image as { colorSpace?: PredefinedColorSpace }).colorSpace ?? 'srgb';
    this.words = new Uint32Array(image.data.buffer);
  }

  /** Whether these can be written over by such pixels. */
  isLike({ width, height, colorSpace }: Pick<Pixels, 'width' | 'height' | 'colorSpace'>): boolean {
    return this.width === width && this.height === height && this.colorSpace === colorSpace;
  }
}
