import type { MaskShaping, ModelOutput } from '../stage.ts';
import { coarseFit, GuidedFilter } from './guided-filter.ts';
import { wholeFrame, type Region } from '../util/region.ts';
import { slowShare, TemporalFilter } from './temporal-filter.ts';

/** Makes of a model's answer a frame's matte in main memory: smooths it over time and fits it to the colours. The twin of MattePass. */
export class MatteMaker {
  /** Holds the fit of the last mask that was to be refined. */
  readonly filter: GuidedFilter;
  readonly #temporal: TemporalFilter;
  #lastUs = NaN;

  constructor(output: ModelOutput) {
    this.filter = new GuidedFilter(output, coarseFit);
    this.#temporal = new TemporalFilter(output);
  }

  /**
   * @param answer - `[height, width] float32`, probability of a person, 0..1.
   * @param guide - `[height, width, 4] uint8`, RGBA: the frame at the mask's size, as the model saw it.
   * @param region - The part of the frame that it saw.
   * @returns Like `answer`, smoothed over time but not refined: {@link filter} has the fit, if one was asked for. Valid until the
   *   next call.
   */
  make(
    answer: Float32Array,
    guide: Uint8ClampedArray,
    { refine, stream }: MaskShaping,
    region: Region = wholeFrame,
  ): Float32Array {
    let mask = answer;
    if (stream) {
      const elapsedMs = (stream.timestampUs - this.#lastUs) / 1000;
      const slow = slowShare(elapsedMs, stream.lingerMs);
      this.#lastUs = stream.timestampUs;
      mask = this.#temporal.smooth(answer, guide, slow, region, elapsedMs >= 0);
    }
    if (refine) this.filter.fit(mask, guide);
    return mask;
  }

  /** Whether another scene began with the last frame of the stream. */
  get isCut(): boolean {
    return this.#temporal.isCut;
  }

  /** What comes next has nothing to do with what came before. */
  reset(): void {
    this.#lastUs = NaN;
  }
}
