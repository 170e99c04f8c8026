import type { StageTimes } from '../stage.ts';

/** Takes the times of one frame's stages, which follow one another, some more than once. */
export class StageClock {
  readonly #times: { -readonly [Stage in keyof StageTimes]: number } = {
    uploadMs: 0,
    preprocessMs: 0,
    inferenceMs: 0,
    postprocessMs: 0,
    compositeMs: 0,
  };
  #startedAtMs = performance.now();

  /** The stage ends now; it began when the one before ended, or this clock was made. */
  end(stage: keyof StageTimes): void {
    const nowMs = performance.now();
    this.#times[stage] += nowMs - this.#startedAtMs;
    this.#startedAtMs = nowMs;
  }

  get times(): StageTimes {
    return this.#times;
  }
}
