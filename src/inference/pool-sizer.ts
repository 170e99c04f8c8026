/**
 * How many inference workers there should be, with `workers="auto"`. The whole rule:
 *
 * 1. Begin with one. Look back every two seconds, and after twenty frames at least.
 * 2. If the workers had all the frames that they may have for most of that time, there is more to do than they can: try one more.
 * 3. It stays if it shows a tenth more frames a second, or if the workers are no longer that busy. Else it goes, and no more than
 *    are left are ever tried again on this device: whatever is the limit, it is not the number of workers.
 */

const windowMs = 2000;
const windowFrames = 20;
/** Share of the time. The page needs a moment to send the next frame. */
const busyShare = 0.7;
const worthwhileGain = 1.1;

/** What to do now. */
export type Sizing = 'grow' | 'shrink' | 'stay';

/** Knows no clock: times are given, in milliseconds. */
export class PoolSizer {
  #max: number;
  #size = 1;
  #isChanging = false;
  #inFlight = 0;
  #beganAtMs = 0;
  #accountedAtMs = 0;
  #busyMs = 0;
  #shown = 0;
  /** Frames a second before the last worker came; null: none is on trial. */
  #rateBefore: number | null = null;

  constructor(max: number, nowMs: number) {
    this.#max = max;
    this.#begin(nowMs);
  }

  /** Most workers that may pay on this device, as far as is known. */
  get max(): number {
    return this.#max;
  }

  /** A frame was sent. */
  push(nowMs: number): void {
    this.#account(nowMs);
    this.#inFlight++;
  }

  /** A frame was answered. After `grow` and `shrink` nothing else is decided until {@link resized} or {@link refused}. */
  settle(nowMs: number, wasShown: boolean): Sizing {
    this.#account(nowMs);
    this.#inFlight = Math.max(0, this.#inFlight - 1);
    if (wasShown) this.#shown++;
    const spanMs = nowMs - this.#beganAtMs;
    if (this.#isChanging || spanMs < windowMs || this.#shown < windowFrames) return 'stay';
    const sizing = this.#decide((1000 * this.#shown) / spanMs, this.#busyMs / spanMs >= busyShare);
    this.#isChanging = sizing !== 'stay';
    this.#begin(nowMs);
    return sizing;
  }

  /** So many workers run now. */
  resized(nowMs: number, size: number): void {
    this.#size = size;
    this.#isChanging = false;
    this.#begin(nowMs);
  }

  /** There is no memory for one more. */
  refused(nowMs: number): void {
    this.#max = this.#size;
    this.#rateBefore = null;
    this.resized(nowMs, this.#size);
  }

  #decide(rate: number, isBusy: boolean): Sizing {
    const rateBefore = this.#rateBefore;
    this.#rateBefore = null;
    if (rateBefore !== null && isBusy && rate < worthwhileGain * rateBefore) {
      this.#max = Math.max(1, this.#size - 1);
      return 'shrink';
    }
    if (!isBusy || this.#size >= this.#max) return 'stay';
    this.#rateBefore = rate;
    return 'grow';
  }

  #begin(nowMs: number): void {
    this.#beganAtMs = nowMs;
    this.#accountedAtMs = nowMs;
    this.#busyMs = 0;
    this.#shown = 0;
  }

  #account(nowMs: number): void {
    if (this.#inFlight > this.#size) this.#busyMs += nowMs - this.#accountedAtMs;
    this.#accountedAtMs = nowMs;
  }
}
