import type { ModelSpec } from '../stage.ts';
import { findPeople, uniteRegions } from './find-people.ts';
import { aspectOf, followPeople } from './follow-people.ts';
import { wholeFrame, type Region } from '../util/region.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Follows the people of a stream from frame to frame, by masks in main memory. The twin of GpuFollower, but several frames may be on
 * their way: what comes of a part that was chosen before the last look, or the last cut, is behind the times.
 */
export class PeopleFollower {
  readonly #mask: Size;
  readonly #aspect: number;
  #region = wholeFrame;
  #people: Region | null = null;
  #seenByLooking: Region | null = null;
  /** Parts chosen since the last look or cut. */
  #recent = new WeakSet<Region>();

  /** @param model - Whose masks it takes. */
  constructor({ input, output }: ModelSpec) {
    this.#mask = output;
    this.#aspect = aspectOf(input);
  }

  /** @returns The part of the next frame, of this size in pixels, to show the model: an object of its own. */
  next(frame: Size): Region {
    const people = uniteRegions(this.#people, this.#seenByLooking);
    this.#region = { ...followPeople(people, this.#region, frame, this.#aspect) };
    this.#recent.add(this.#region);
    return this.#region;
  }

  /**
   * Takes the model's answer to the part of a frame that {@link next} told: smoothed, it would come late.
   *
   * @param isCut - Whether another scene begins: the part was that of people who are gone.
   */
  find(mask: Float32Array, region: Region, isCut: boolean): void {
    if (!this.#recent.has(region)) return;
    this.#seenByLooking = null;
    this.#people = isCut ? null : findPeople(mask, this.#mask, region);
    if (isCut) this.#recent = new WeakSet();
  }

  /** Takes the mask of a whole frame, for what {@link next} tells from now on. */
  look(mask: Float32Array): void {
    this.#seenByLooking = findPeople(mask, this.#mask, wholeFrame);
    this.#recent = new WeakSet();
  }

  /** What comes next has nothing to do with what came before. */
  reset(): void {
    this.#region = wholeFrame;
    this.#people = null;
    this.#seenByLooking = null;
    this.#recent = new WeakSet();
  }
}
