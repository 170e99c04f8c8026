import { SegmenterError } from '../errors.ts';
import { Channel } from '../protocol/channel.ts';
import type {
  NoNotices,
  NoRequests,
  PoolParams,
  TensorRequests,
  WorkerLine,
} from '../protocol/messages.ts';
import { recallPoolLimit, rememberPoolLimit } from './pool-limit.ts';
import { PoolSizer } from './pool-sizer.ts';
import { PooledEngine } from './pooled-engine.ts';

/** What a pool wants done by the page, which starts and ends workers, and by the pipeline. */
export interface WorkerPoolListener {
  /** One more is wanted: {@link WorkerPool.add} or {@link WorkerPool.refuse} answers. */
  onWanted(): void;
  /** This one is not used any more. */
  onDone(worker: number): void;
  /** The engine's `concurrencyFor` has changed. */
  onResize(): void;
  /** It is over. */
  onFailed(error: Error): void;
}

/** So many workers lost within this time, and the model or the device is to blame. */
const mostLosses = 3;
const lossWindowMs = 60_000;

/** An inference worker is given up after this, or twenty times its warm-up run. */
const leastPatienceMs = 10_000;

/** Keeps as many inference workers as pay, and replaces those that are lost. Models that remember have one: their frames go one by one. */
export class WorkerPool {
  readonly engine: PooledEngine;
  readonly #params: PoolParams;
  readonly #listener: WorkerPoolListener;
  readonly #workers: number[] = [];
  #sizer: PoolSizer | undefined;
  #wanted = 0;
  #losses: number[] = [];

  /** The first worker is there already. Throws `option-invalid`. */
  constructor(params: PoolParams, listener: WorkerPoolListener) {
    this.#params = params;
    this.#listener = listener;
    assertWorkers(params.workers);
    const { model, warmUpMs } = params.loaded;
    const patienceMs = Math.max(leastPatienceMs, 20 * warmUpMs);
    this.engine = new PooledEngine(model, patienceMs, {
      onLost: (worker, reason) => this.#replace(worker, reason),
      onResize: () => listener.onResize(),
    });
    this.add(params.worker);
    void this.#plan();
  }

  /** A worker has come. */
  add({ worker, port, lock }: WorkerLine): void {
    const channel = new Channel<TensorRequests, NoNotices, NoRequests, NoNotices>(port, null, {});
    this.#workers.push(worker);
    this.engine.addWorker(worker, channel, lock ? deathOf(lock) : new Promise(() => {}));
    this.#wanted = Math.max(0, this.#wanted - 1);
    this.#sizer?.resized(performance.now(), this.#workers.length);
  }

  /** A worker could not be started. Fewer do as well, as long as there are any. */
  refuse(error: Error): void {
    this.#wanted = Math.max(0, this.#wanted - 1);
    if (this.#workers.length > 0) this.#sizer?.refused(performance.now());
    else this.#listener.onFailed(error);
  }

  /** A worker has thrown. */
  stop(worker: number, reason: string): void {
    this.engine.removeWorker(worker);
    this.#replace(worker, reason);
  }

  /** A frame came. */
  frameCame(): void {
    this.#sizer?.push(performance.now());
  }

  /** A frame was answered. */
  frameWent(wasShown: boolean): void {
    const sizing = this.#sizer?.settle(performance.now(), wasShown);
    if (sizing === 'grow') this.#want();
    else if (sizing === 'shrink') void this.#shrink();
  }

  async #plan(): Promise<void> {
    const { workers, modelUrl, threads, loaded } = this.#params;
    // What is known of the frames before, or of a picture, is in one worker.
    if (loaded.model.isRecurrent || loaded.model.isPromptable) return;
    if (workers === 'auto') {
      this.#sizer = new PoolSizer(await recallPoolLimit(modelUrl, threads), performance.now());
      this.#sizer.resized(performance.now(), this.#workers.length);
    } else {
      for (let i = 1; i < workers; i++) this.#want();
    }
  }

  #want(): void {
    this.#wanted++;
    this.#listener.onWanted();
  }

  #replace(worker: number, reason: string): void {
    if (!this.#forget(worker)) return;
    const nowMs = performance.now();
    this.#losses = [...this.#losses.filter((at) => nowMs - at < lossWindowMs), nowMs];
    if (this.#losses.length < mostLosses) {
      this.#want();
      return;
    }
    this.#listener.onFailed(
      new SegmenterError(
        'worker-failed',
        `${mostLosses} inference workers were lost within a minute. The last one: ${reason}`,
      ),
    );
  }

  async #shrink(): Promise<void> {
    const last = this.#workers.at(-1);
    if (last === undefined || this.#workers.length === 1) return;
    const { modelUrl, threads } = this.#params;
    rememberPoolLimit(modelUrl, threads, this.#workers.length - 1);
    await this.engine.retireWorker(last);
    this.#forget(last);
    this.#sizer?.resized(performance.now(), this.#workers.length);
  }

  /** Returns whether it was one of them. */
  #forget(worker: number): boolean {
    const index = this.#workers.indexOf(worker);
    if (index < 0) return false;
    this.#workers.splice(index, 1);
    this.#listener.onDone(worker);
    return true;
  }
}

function assertWorkers(workers: unknown): void {
  if (workers === 'auto' || (Number.isInteger(workers) && Number(workers) >= 1)) return;
  throw new SegmenterError(
    'option-invalid',
    `workers: ${String(workers)} is not known. It takes "auto" or a number from 1 on.`,
  );
}

/** The lock that a worker held becomes free when the worker ends. */
async function deathOf(lock: string): Promise<void> {
  await navigator.locks.request(lock, () => {});
}
