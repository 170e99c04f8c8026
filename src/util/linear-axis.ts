/** Of {@link LinearAxis.part}: 15 bits: with weights of 16, products fit into 32. */
export const fullPart = 32768;

/**
 * Where the pixels of a larger row fall between those of a smaller one, for bilinear stretching between pixel centres, clamped
 * at the ends: as textures are sampled.
 */
export class LinearAxis {
  /** The pixel at or before each target pixel, 0..sourceSize - 1. */
  readonly base: Int32Array;
  /** How far on the way from there to the next, 0..{@link fullPart}. */
  readonly part: Int32Array;
  /** By source pixel, and one more: the first target pixel with that base, or a later one. */
  readonly starts: Int32Array;

  /**
   * @param targetSize - How many target pixels there are.
   * @param extent - On how many the smaller row lies, which may end between two; all by default.
   * @param offset - Where the first target pixel begins, in pixels from the start of the smaller row.
   */
  constructor(
    readonly sourceSize: number,
    readonly targetSize: number,
    extent = targetSize,
    offset = 0,
  ) {
    this.base = new Int32Array(targetSize);
    this.part = new Int32Array(targetSize);
    for (let i = 0; i < targetSize; i++) {
      const centre = ((i + 0.5 + offset) * sourceSize) / extent - 0.5;
      const clamped = Math.min(Math.max(centre, 0), sourceSize - 1);
      this.base[i] = Math.floor(clamped);
      this.part[i] = Math.round(fullPart * (clamped - Math.floor(clamped)));
    }
    this.starts = new Int32Array(sourceSize + 1).fill(targetSize);
    for (let i = targetSize - 1, at = sourceSize; i >= 0; i--) {
      const base = this.base[i] as number;
      for (; at > base; at--) this.starts[at] = i + 1;
      this.starts[base] = i;
    }
    this.starts.fill(0, 0, (this.base[0] ?? 0) + 1);
  }
}
