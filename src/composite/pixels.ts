/**
 * Straight sRGB, red, green, blue and alpha of 8 bits each, as `ImageData` has it. `words` are the same bytes as 0xAABBGGRR:
 * every machine with a browser is little-endian.
 *
 * Loops over them compute with red and blue at once: `word & 0xff00ff` leaves 16 bits of room for each. They have such numbers
 * in place: with named constants the engine takes up to twice as long.
 */
export class Pixels {
  readonly width: number;
  readonly height: number;
  readonly image: ImageData;
  readonly words: Uint32Array;

  /** Transparent. */
  static create(width: number, height: number): Pixels {
    return new Pixels(new ImageData(width, height));
  }

  /** @param image - Shared, not copied. */
  constructor(image: ImageData) {
    this.width = image.width;
    this.height = image.height;
    this.image = image;
    this.words = new Uint32Array(image.data.buffer);
  }

  hasSize({ width, height }: { readonly width: number; readonly height: number }): boolean {
    return this.width === width && this.height === height;
  }
}
