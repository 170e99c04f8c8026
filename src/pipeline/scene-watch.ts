import type { Continuity } from '../stage.ts';

/** Media time that may pass between two frames of a scene, in microseconds. */
const longestGapUs = 1_000_000;

/** Tells which frames of a stream belong together. */
export class SceneWatch {
  #lastUs = NaN;
  #width = 0;
  #height = 0;

  /**
   * To be asked once for each run, in the order of the runs.
   *
   * @returns `first` at the beginning, where time jumps (a seek, a loop, a pause of the stream) and where the size changes.
   */
  place(
    timestampUs: number,
    { width, height }: { readonly width: number; readonly height: number },
  ): Exclude<Continuity, 'alone'> {
    const gapUs = timestampUs - this.#lastUs;
    const isSameSize = width === this.#width && height === this.#height;
    this.#lastUs = timestampUs;
    this.#width = width;
    this.#height = height;
    return gapUs >= 0 && gapUs <= longestGapUs && isSameSize ? 'next' : 'first';
  }

  /** The next frame has nothing to do with those before. */
  reset(): void {
    this.#lastUs = NaN;
  }
}
