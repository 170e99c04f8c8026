/** What the shares of a footprint add up to. */
const fullShare = 256;

/** Which pixels of a row make up each pixel of another, and how much each counts. */
export class AreaAxis {
  /** First and last pixel of each footprint. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** Shares of these two; if they are the same pixel, `lastShare` is 0. */
  readonly firstShare: Int32Array;
  readonly lastShare: Int32Array;
  /** Share of each pixel between them. */
  readonly innerShare: number;

  /**
   * @param sourceSize - Of the part that is sampled.
   * @param start - Where that begins in the row, in whole pixels.
   */
  constructor(
    readonly sourceSize: number,
    readonly targetSize: number,
    readonly start = 0,
  ) {
    this.first = new Int32Array(targetSize);
    this.last = new Int32Array(targetSize);
    this.firstShare = new Int32Array(targetSize);
    this.lastShare = new Int32Array(targetSize);
    const scale = sourceSize / targetSize;
    // What is cut off here goes to the ends: they count too much in footprints of dozens of pixels.
    this.innerShare = Math.floor(fullShare / scale);
    for (let i = 0; i < targetSize; i++) {
      if (scale < 1) this.#interpolate(i, (i + 0.5) * scale - 0.5);
      else this.#average(i, i * scale, (i + 1) * scale);
    }
  }

  #interpolate(i: number, centre: number): void {
    const first = Math.floor(centre);
    const part = centre - first;
    this.#set(
      i,
      Math.max(first, 0),
      Math.min(first + 1, this.sourceSize - 1),
      fullShare * (1 - part),
    );
  }

  #average(i: number, begin: number, end: number): void {
    const first = Math.floor(begin);
    // Without rounding errors of the multiplication.
    const last = Math.max(first, Math.min(Math.ceil(end - 1e-6), this.sourceSize) - 1);
    const rest = fullShare - Math.max(0, last - first - 1) * this.innerShare;
    const firstPart = first + 1 - begin;
    this.#set(i, first, last, (rest * firstPart) / (firstPart + end - last));
  }

  /** @param firstShare - The rest but for what lies between is the last one's. */
  #set(i: number, first: number, last: number, firstShare: number): void {
    this.first[i] = this.start + first;
    this.last[i] = this.start + last;
    const between = Math.max(0, last - first - 1) * this.innerShare;
    this.firstShare[i] = first === last ? fullShare : Math.round(firstShare);
    this.lastShare[i] = fullShare - between - this.firstShare[i];
  }
}
