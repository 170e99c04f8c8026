import { SegmenterError } from '../errors.ts';
import type { Segmenter } from '../segmenter.ts';
import type { FrameSource } from '../source/frame-source.ts';
import { sharedNowMs } from '../util/clock.ts';

/** A frame that takes longer than this, and ten times the warm-up run, will never come. */
const silenceMs = 30_000;

/** What a pump tells. */
export interface PumpListener {
  /** The source has a picture, but cannot give it. */
  onError(error: SegmenterError): void;
  /** The worker has stopped answering. */
  onSilence(error: SegmenterError): void;
  /** Pictures went by because the worker was busy. */
  onSkip(): void;
  /** A picture was taken from the source. */
  onCapture(durationMs: number): void;
}

/**
 * Captures pictures from a source and sends them to the worker, no more than it can take: a picture that comes while
 * it has all it can take waits, and what is captured when there is room is the newest.
 */
export class FramePump {
  readonly #listener: PumpListener;
  #source: FrameSource | null = null;
  #segmenter: Segmenter | null = null;
  #inFlight = 0;
  #isWaiting = false;
  #lastAtMs = -Infinity;
  #watchdog: ReturnType<typeof setTimeout> | undefined;
  /** Highest rate, in frames a second; 0 for the source's own. */
  maxFps = 0;

  constructor(listener: PumpListener) {
    this.#listener = listener;
  }

  /** From where to where. Null for either stops it. A new worker owes nothing. */
  connect(source: FrameSource | null, segmenter: Segmenter | null): void {
    if (segmenter !== this.#segmenter) this.reset();
    this.#source = source;
    this.#segmenter = segmenter;
  }

  /** Forgets what is in flight: another worker runs now. */
  reset(): void {
    this.#inFlight = 0;
    this.#isWaiting = false;
    clearTimeout(this.#watchdog);
  }

  /** The source has a new picture. */
  offer(): void {
    if (!this.#source || !this.#segmenter?.isRunning) return;
    const nowMs = performance.now();
    // Display and source clocks jitter; a picture up to a tenth early is on time. The picture of a source that stands still may be its last.
    const isLimited = this.maxFps > 0 && this.#source.isPlaying;
    if (isLimited && nowMs - this.#lastAtMs < 900 / this.maxFps) return;
    if (this.#inFlight >= this.#segmenter.concurrency) {
      if (this.#isWaiting) this.#listener.onSkip();
      this.#isWaiting = true;
      return;
    }
    this.#lastAtMs = nowMs;
    void this.#send(this.#source, this.#segmenter);
  }

  /** Sends the current picture whatever the rate: the source is still or paused, and something else changed. */
  refresh(): void {
    this.#lastAtMs = -Infinity;
    this.offer();
  }

  /** The worker answered for one frame. */
  settle(): void {
    this.#inFlight = Math.max(0, this.#inFlight - 1);
    this.#watch();
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.offer();
  }

  async #send(source: FrameSource, segmenter: Segmenter): Promise<void> {
    this.#inFlight++;
    try {
      const capturedAtMs = sharedNowMs();
      const picture = await source.capture();
      this.#listener.onCapture(sharedNowMs() - capturedAtMs);
      if (picture && this.#segmenter === segmenter && this.#source === source) {
        segmenter.pushFrame(picture.frame, picture.timestampUs, capturedAtMs);
        this.#watch();
        return;
      }
      picture?.frame.close();
      if (this.#segmenter === segmenter) this.settle();
    } catch (error) {
      if (this.#segmenter === segmenter) this.settle();
      if (this.#source === source) this.#listener.onError(error as SegmenterError);
    }
  }

  #watch(): void {
    clearTimeout(this.#watchdog);
    if (this.#inFlight === 0 || !this.#segmenter?.isRunning) return;
    const patienceMs = Math.max(silenceMs, 10 * this.#segmenter.warmUpMs);
    this.#watchdog = setTimeout(() => {
      this.#listener.onSilence(
        new SegmenterError(
          'worker-failed',
          `The worker has not answered for ${Math.round(patienceMs / 1000)} seconds.`,
        ),
      );
    }, patienceMs);
  }
}
