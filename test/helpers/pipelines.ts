import type { BuiltMask } from '../../src/postprocess/mask-output.ts';
import type { PipelineListener } from '../../src/pipeline/frame-pipeline.ts';
import type { FrameOutcome, MaskData } from '../../src/protocol/messages.ts';
import type {
  ClassSelection,
  CpuAnswer,
  EffectOptions,
  InferenceEngine,
  ModelSpec,
  Priority,
} from '../../src/stage.ts';
import { ClassReducer } from '../../src/util/class-reducer.ts';
import { createDeferred, type Deferred } from './promises.ts';

/** One call of {@link GreenEngine.run}. */
export interface GreenRun {
  /** Settles the call with the mask of its input. */
  answer(): void;
  fail(error: Error): void;
}

/** Waits for things that a log counts. */
class Waiters {
  #waiting: { readonly isDone: () => boolean; readonly resolve: () => void }[] = [];

  until(isDone: () => boolean): Promise<void> {
    if (isDone()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ isDone, resolve }));
  }

  settle(): void {
    this.#waiting = this.#waiting.filter(({ isDone, resolve }) => {
      if (!isDone()) return true;
      resolve();
      return false;
    });
  }
}

/** A model that takes what is green for a person. The test answers its calls, or has them answered at once. */
export class GreenEngine implements InferenceEngine<Uint8ClampedArray, CpuAnswer> {
  readonly backend = 'wasm';
  readonly model: ModelSpec;
  readonly concurrency: number;
  /** Every call so far. */
  readonly runs: GreenRun[] = [];
  isDisposed = false;
  /** Whether calls wait for the test. */
  isHeld = false;
  #open = 0;
  /** Most calls that were open at once. */
  mostOpen = 0;
  /** Calls that were open when the engine was disposed. */
  openAtDispose = 0;
  readonly #waiters = new Waiters();

  /** @param model - Its input and output must be of one size. */
  constructor(model: ModelSpec, concurrency = 1) {
    this.model = model;
    this.concurrency = concurrency;
  }

  concurrencyFor(priority: Priority): number {
    return priority === 'latency' ? 1 : this.concurrency;
  }

  run(input: Uint8ClampedArray, selection?: ClassSelection): Promise<CpuAnswer> {
    const answer = Float32Array.from({ length: input.length / 4 }, (_, i) => {
      return (input[4 * i + 1] ?? NaN) / 255;
    });
    const mask = new Float32Array(answer.length);
    const categories = selection?.hasCategories ? new Uint8Array(answer.length) : null;
    const reducer = new ClassReducer(this.model.output);
    reducer.reduce(answer, selection?.foreground ?? null, mask, categories);
    const deferred: Deferred<CpuAnswer> = createDeferred();
    this.mostOpen = Math.max(this.mostOpen, ++this.#open);
    const run: GreenRun = {
      answer: () => {
        this.#open--;
        deferred.resolve({ mask, categories });
      },
      fail: (error) => {
        this.#open--;
        deferred.reject(error);
      },
    };
    this.runs.push(run);
    if (!this.isHeld) run.answer();
    this.#waiters.settle();
    return deferred.promise;
  }

  /** The call of this number, from 0, once it was made. */
  async runAt(index: number): Promise<GreenRun> {
    await this.#waiters.until(() => this.runs.length > index);
    return this.runs[index] as GreenRun;
  }

  dispose(): Promise<void> {
    this.isDisposed = true;
    this.openAtDispose = this.#open;
    return Promise.resolve();
  }
}

/** What a pipeline told. */
export class PipelineLog implements PipelineListener {
  readonly outcomes: FrameOutcome[] = [];
  readonly masks: { readonly mask: MaskData; readonly transfer: BuiltMask['transfer'] }[] = [];
  readonly #waiters = new Waiters();

  onFrame(outcome: FrameOutcome): void {
    this.outcomes.push(outcome);
    this.#waiters.settle();
  }

  onMask(mask: MaskData, transfer: Transferable[]): void {
    this.masks.push({ mask, transfer });
    this.#waiters.settle();
  }

  /** Resolves once so many frames were answered for. */
  untilFrames(count: number): Promise<void> {
    return this.#waiters.until(() => this.outcomes.length >= count);
  }

  /** Resolves once so many masks came. */
  untilMasks(count: number): Promise<void> {
    return this.#waiters.until(() => this.masks.length >= count);
  }

  get kinds(): string[] {
    return this.outcomes.map(({ kind }) => kind);
  }

  /** Timestamps of the frames shown, in microseconds. */
  get shown(): number[] {
    return this.outcomes.flatMap((o) => (o.kind === 'shown' ? [o.timestampUs] : []));
  }
}

/** An effect with nothing to it but its name, unless told otherwise. */
export function createEffect(
  effect: EffectOptions['effect'],
  options: Partial<EffectOptions> = {},
): EffectOptions {
  return { effect, blurRadiusPx: 8, backgroundColor: [0, 0, 0, 0], ...options };
}
