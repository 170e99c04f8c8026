/** Fewest frames between two looks: on a slow device each takes the time of one frame. */
const leastFrames = 30;
/** Shortest time between two looks, of the stream's own, in microseconds. */
const leastUs = 1_000_000;

/** Tells when to look at the whole of a frame again: people who are followed are not the only ones who may be there. */
export class LookAround {
  #lookedAtUs = NaN;
  #lastUs = NaN;
  #frames = 0;

  /** Whether to look around in this frame of the stream: in the first, after a jump back, and from time to time. Counts as done. */
  isDue(timestampUs: number): boolean {
    const goesOn = timestampUs >= this.#lastUs;
    this.#lastUs = timestampUs;
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
