import type { Segmenter } from '../segmenter.ts';
import { isIos } from '../util/browser.ts';

/** A segmenter from its start on. */
export interface Run {
  /** What it was started for. */
  readonly key: string;
  /** Ends the start. */
  readonly abort: AbortController;
  /** null until it is ready. */
  segmenter: Segmenter | null;
}

/** Who tries one model against another is back within this time. */
const keptMs = 60_000;

/** ONNX Runtime holds a model's file several times over. */
const largestFileBytes = 64 * 2 ** 20;

/** As `navigator.deviceMemory` tells it, in GiB. Where it tells nothing there is enough. */
const leastMemory = 4;

/**
 * Keeps the run before this one, workers and compiled model included, for a page that goes back to it. One at most, for
 * a minute, and none that a small device would feel. It holds no picture meanwhile.
 */
export class ParkedRun {
  #run: Run | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Keeps it in place of the one before; ends it if it is not ready, or not to be kept. */
  put(run: Run): void {
    if (!isWorthKeeping(run.segmenter)) return endRun(run);
    this.clear();
    run.segmenter.rest();
    this.#run = run;
    this.#timer = setTimeout(() => this.clear(), keptMs);
  }

  /** Hands over the one for this key, if it is there and well. It is the caller's from now on. */
  take(key: string): Run | null {
    const run = this.#run;
    if (run?.key !== key || !run.segmenter?.isRunning) return null;
    this.#run = null;
    return run;
  }

  clear(): void {
    clearTimeout(this.#timer);
    if (this.#run) endRun(this.#run);
    this.#run = null;
  }
}

/** Ends workers and loading at once. */
export function endRun({ abort, segmenter }: Run): void {
  abort.abort();
  segmenter?.dispose();
}

function isWorthKeeping(segmenter: Segmenter | null): segmenter is Segmenter {
  const { deviceMemory = leastMemory } = navigator as Navigator & { deviceMemory?: number };
  return (
    !isIos() &&
    deviceMemory >= leastMemory &&
    segmenter?.isRunning === true &&
    segmenter.fileBytes <= largestFileBytes
  );
}
