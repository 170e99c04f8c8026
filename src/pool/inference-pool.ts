import { isAbortError, SegmenterError, toSegmenterError } from '../errors.ts';
import type { InferenceEvents, LoadedModel, WorkerLine } from '../protocol/messages.ts';
import { InferenceWorker, type InferenceParams } from './inference-worker.ts';
import { PoolSizer } from './pool-sizer.ts';

/** What a pool has its owner do. */
export interface InferencePoolListener {
  onProgress(progress: InferenceEvents['progress']): void;
  /** To be handed to the render worker. */
  onAdded(line: WorkerLine): void;
  /** A worker threw: the render worker does not know yet. */
  onStopped(worker: number): void;
  /** Resolves when the render worker has nothing left with this one. */
  retire(worker: number): Promise<unknown>;
  /** What turned out to be most workers that pay. */
  onLimit(workers: number): void;
  /** No more workers are started. */
  onFailed(error: SegmenterError): void;
}

/** How many workers there may be. */
export interface PoolSize {
  /** Wanted from the beginning. */
  readonly min: number;
  /** Most that are tried. */
  readonly max: number;
}

/** So many workers lost within this time, and no more are started. */
const mostLosses = 3;
const lossWindowMs = 60_000;

/** The inference workers of one element: as many as pay, and another one for each that is lost. Ends with {@link terminate}. */
export class InferencePool {
  readonly #params: InferenceParams;
  readonly #listener: InferencePoolListener;
  readonly #signal: AbortSignal;
  readonly #size: PoolSize;
  readonly #sizer: PoolSizer;
  readonly #workers = new Map<number, InferenceWorker>();
  #nextId = 1;
  #losses: number[] = [];
  #isEnded = false;
  /** Workers on their way. */
  #starting = 0;

  /** Starts the first worker, whose line the caller hands on; the others follow by {@link fill}. */
  static async start(
    params: InferenceParams,
    size: PoolSize,
    listener: InferencePoolListener,
    signal: AbortSignal,
  ): Promise<{ pool: InferencePool; loaded: LoadedModel; line: WorkerLine }> {
    const first = await InferenceWorker.start(0, params, (p) => listener.onProgress(p), signal);
    const pool = new InferencePool({ ...params, model: first.file }, size, listener, signal);
    pool.#adopt(first);
    return { pool, loaded: first.loaded, line: first.line };
  }

  private constructor(
    params: InferenceParams,
    size: PoolSize,
    listener: InferencePoolListener,
    signal: AbortSignal,
  ) {
    this.#params = params;
    this.#size = size;
    this.#listener = listener;
    this.#signal = signal;
    this.#sizer = new PoolSizer(size.max, performance.now());
  }

  get size(): number {
    return this.#workers.size;
  }

  /** Starts as many as are wanted from the beginning. */
  fill(): void {
    while (this.size + this.#starting < this.#size.min) void this.#grow();
  }

  /** A frame went to the render worker. */
  frameSent(): void {
    this.#sizer.push(performance.now());
  }

  /** A frame came back. */
  frameAnswered(wasShown: boolean): void {
    const sizing = this.#sizer.settle(performance.now(), wasShown);
    if (sizing === 'grow') void this.#grow();
    else if (sizing === 'shrink') void this.#shrink();
  }

  /** A worker is not used any more: another one takes its place, unless that happens too often. */
  lose(worker: number, reason: string): void {
    const lost = this.#workers.get(worker);
    if (!lost) return;
    this.#workers.delete(worker);
    lost.terminate();
    const nowMs = performance.now();
    this.#losses = [...this.#losses.filter((at) => nowMs - at < lossWindowMs), nowMs];
    if (this.#losses.length >= mostLosses) {
      this.#fail(
        new SegmenterError(
          'worker-failed',
          `${mostLosses} inference workers were lost within a minute. The last one: ${reason}`,
        ),
      );
    } else {
      void this.#grow();
    }
  }

  terminate(): void {
    this.#isEnded = true;
    for (const worker of this.#workers.values()) worker.terminate();
    this.#workers.clear();
  }

  #adopt(worker: InferenceWorker): void {
    this.#workers.set(worker.id, worker);
    worker.onStopped = ({ message }) => {
      this.#listener.onStopped(worker.id);
      this.lose(worker.id, message);
    };
    this.#sizer.resized(performance.now(), this.size);
  }

  async #grow(): Promise<void> {
    this.#starting++;
    try {
      const id = this.#nextId++;
      const worker = await InferenceWorker.start(id, this.#params, () => {}, this.#signal);
      if (this.#isEnded) {
        worker.terminate();
        return;
      }
      this.#adopt(worker);
      this.#listener.onAdded(worker.line);
    } catch (error) {
      if (this.#isEnded || isAbortError(error)) return;
      // Fewer do as well, as long as there are any.
      if (this.size > 0) this.#sizer.refused(performance.now());
      else this.#fail(toSegmenterError(error, 'worker-failed'));
    } finally {
      this.#starting--;
    }
  }

  async #shrink(): Promise<void> {
    const last = [...this.#workers.values()].at(-1);
    if (!last || this.size === 1) return;
    this.#listener.onLimit(this.#sizer.max);
    await this.#listener.retire(last.id);
    last.terminate();
    this.#workers.delete(last.id);
    this.#sizer.resized(performance.now(), this.size);
  }

  #fail(error: SegmenterError): void {
    if (this.#isEnded) return;
    this.terminate();
    this.#listener.onFailed(error);
  }
}
