import type { FrameOutcome } from '../protocol/messages.ts';
import type { Backend, Refinement, RendererKind, StageTimes } from '../stage.ts';

/** How it runs. Durations are medians over the last 60 frames, in milliseconds. */
export interface SegmenterStats {
  /** Frames shown a second, over the last two seconds. */
  readonly fps: number;
  /** From a frame's arrival in the worker to its composite. */
  readonly frameMs: number;
  /** From the capture on the page until the worker's drawing is done: how far the picture is behind the source. */
  readonly latencyMs: number;
  /** Of `frameMs`, the model and the way there and back. 0 while the effect needs no mask. */
  readonly inferenceMs: number;
  /** Of a frame's time, what each stage takes. */
  readonly stages: StageTimes;
  /** Time of the page thread to take a picture from the source. */
  readonly captureMs: number;
  /** Since the source was opened. */
  readonly shownFrames: number;
  /** Frames of the source that were not shown, since it was opened. */
  readonly droppedFrames: number;
  readonly backend: Backend | null;
  readonly renderer: RendererKind | null;
  /**
   * Where the last frame's mask was refined: `frame`, at the frame's resolution; `mask`, at the mask's, where there is no GPU; `off`,
   * with `no-refine`, or where it would take more than a quarter of the model's time.
   */
  readonly refinement: Refinement;
  /** WebAssembly: how many workers run the model. 0 where the GPU does. */
  readonly workers: number;
}

const stageNames = [
  'uploadMs',
  'preprocessMs',
  'inferenceMs',
  'postprocessMs',
  'compositeMs',
] as const satisfies readonly (keyof StageTimes)[];

const windowFrames = 60;
const windowMs = 2000;
const reportEveryMs = 500;

type ShownFrame = Extract<FrameOutcome, { kind: 'shown' }> & { readonly atMs: number };

/** Counts the frames of one source. */
export class FrameStats {
  readonly #frames: ShownFrame[] = [];
  readonly #captureMs: number[] = [];
  #shown = 0;
  #refinement: Refinement = 'off';
  #dropped = 0;
  #reportedAtMs = -Infinity;

  /** @param nowMs - `performance.now()`. */
  count(outcome: FrameOutcome, nowMs: number): void {
    if (outcome.kind !== 'shown') {
      this.#dropped++;
      return;
    }
    this.#shown++;
    push(this.#frames, { ...outcome, atMs: nowMs }, 4 * windowFrames);
    this.#refinement = outcome.refinement;
  }

  countCapture(durationMs: number): void {
    push(this.#captureMs, durationMs, windowFrames);
  }

  /** Counts a frame that was never captured, for want of room. */
  countSkipped(): void {
    this.#dropped++;
  }

  /** Whether it is time for another report; then the next one is due half a second later. */
  isReportDue(nowMs: number): boolean {
    if (nowMs - this.#reportedAtMs < reportEveryMs) return false;
    this.#reportedAtMs = nowMs;
    return true;
  }

  read(
    nowMs: number,
    where: Pick<SegmenterStats, 'backend' | 'renderer' | 'workers'>,
  ): SegmenterStats {
    const recent = this.#frames.filter(({ atMs }) => nowMs - atMs < windowMs);
    const spanMs = nowMs - (recent[0]?.atMs ?? nowMs);
    const frames = this.#frames.slice(-windowFrames);
    const stages = Object.fromEntries(
      stageNames.map((name) => [name, median(frames.map((frame) => frame.stages[name]))]),
    ) as unknown as StageTimes;
    return {
      ...where,
      fps: spanMs > 0 ? (1000 * (recent.length - 1)) / spanMs : 0,
      frameMs: median(frames.map(({ totalMs }) => totalMs)),
      latencyMs: median(frames.flatMap(({ latencyMs }) => latencyMs || [])),
      inferenceMs: stages.inferenceMs,
      stages,
      captureMs: median(this.#captureMs),
      shownFrames: this.#shown,
      droppedFrames: this.#dropped,
      refinement: this.#refinement,
    };
  }
}

function push<T>(list: T[], value: T, limit: number): void {
  if (list.length === limit) list.shift();
  list.push(value);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
