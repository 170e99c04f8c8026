/** Fewest frames between two looks: on a slow device each takes the time of one frame. */
const leastFrames = 30;
/** Shortest time between two looks, of the stream's own, in microseconds. */
const leastUs = 1_000_000;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Tells when to look at the whole of a frame again: people who are followed are not the only ones who may be there. */
export class LookAround {
  #lookedAtUs = NaN;
  #lastUs = NaN;
  #frames = 0;
  #size: Size = { width: 0, height: 0 };

  /**
   * Whether to look around in this frame of the stream: in the first, after a jump back or by more than a second, at a new size, and from time
   * to time. Counts as done.
   *
   * @param size - Of the frame, in pixels.
   */
  isDue(timestampUs: number, { width, height }: Size): boolean {
    const sinceLastUs = timestampUs - this.#lastUs;
    const isSameSize = width === this.#size.width && height === this.#size.height;
    const goesOn = sinceLastUs >= 0 && sinceLastUs <= leastUs && isSameSize;
    this.#lastUs = timestampUs;
    if (!isSameSize) this.#size = { width, height };
    this.#frames++;
    const sinceUs = timestampUs - this.#lookedAtUs;
    if (goesOn && (this.#frames < leastFrames || sinceUs < leastUs)) return false;
    this.#lookedAtUs = timestampUs;
    this.#frames = 0;
    return true;
  }

  /** The next frame has nothing to do with those before. */
  reset(): void {
    this.#lastUs = NaN;
  }
}
