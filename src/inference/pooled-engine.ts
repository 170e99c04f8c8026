import { SegmenterError } from '../errors.ts';
import type { Channel } from '../protocol/channel.ts';
import type { NoNotices, NoRequests, TensorRequests } from '../protocol/messages.ts';
import type {
  Backend,
  ClassSelection,
  Continuity,
  CpuAnswer,
  InferenceEngine,
  ModelSpec,
  Priority,
} from '../stage.ts';
import { framesAtOnce, WorkerScheduler, type Assignment } from './worker-scheduler.ts';

/** The render worker's line to an inference worker. */
export type TensorChannel = Channel<TensorRequests, NoNotices, NoRequests, NoNotices>;

/** What a {@link PooledEngine} tells. */
export interface PoolListener {
  /** A worker threw, or has not answered for too long. It gets nothing any more. */
  onLost(worker: number, reason: string): void;
  /** {@link PooledEngine.concurrencyFor} has changed. */
  onResize(): void;
}

/** One run, with buffers that are its own: two travel to the worker and back, one stays in case they do not. */
interface Job {
  readonly pixels: Uint8ClampedArray;
  /** The one for categories stays here while they are not asked for, and is made when they first are. */
  buffers: { pixels: ArrayBuffer; mask: ArrayBuffer; categories: ArrayBuffer | null };
  selection: ClassSelection | null;
  continuity: Continuity;
  resolve: (answer: CpuAnswer) => void;
  reject: (error: Error) => void;
}

interface Line {
  readonly worker: number;
  readonly channel: TensorChannel;
  watchdog: ReturnType<typeof setTimeout> | undefined;
  onIdle: () => void;
}

/**
 * Runs a model in other workers, by the rule of WorkerScheduler. Pixels and masks travel in buffers that are allocated once and
 * transferred there and back.
 */
export class PooledEngine implements InferenceEngine<Uint8ClampedArray, CpuAnswer> {
  readonly backend: Backend = 'wasm';
  readonly model: ModelSpec;
  readonly #listener: PoolListener;
  readonly #patienceMs: number;
  readonly #scheduler = new WorkerScheduler<Job>();
  readonly #lines = new Map<number, Line>();
  readonly #free: Job[] = [];
  readonly #mask: Float32Array;
  #categories: Uint8Array | null = null;
  #createdBuffers = 0;

  /** @param patienceMs - A worker that has not answered for so long will never. */
  constructor(model: ModelSpec, patienceMs: number, listener: PoolListener) {
    this.model = model;
    this.#patienceMs = patienceMs;
    this.#listener = listener;
    this.#mask = new Float32Array(model.output.width * model.output.height);
  }

  concurrencyFor(priority: Priority): number {
    // The state of a recurrent model is in the one worker that had the frame before.
    return this.model.isRecurrent ? 1 : framesAtOnce(this.#scheduler.size, priority);
  }

  /** How many buffers for pixels, masks and categories have been made so far. */
  get createdBuffers(): number {
    return this.#createdBuffers;
  }

  /**
   * @param channel - To a worker that has loaded the model. Closed here.
   * @param death - Resolves if the worker ends, where that can be known.
   */
  addWorker(worker: number, channel: TensorChannel, death: Promise<void>): void {
    const line: Line = { worker, channel, watchdog: undefined, onIdle: () => {} };
    this.#lines.set(worker, line);
    void death.then(() => this.#lose(line, 'It was ended.'));
    this.#send(this.#scheduler.add(worker));
    this.#listener.onResize();
  }

  /** The worker is gone. What it had is run once more, by another. */
  removeWorker(worker: number): void {
    const line = this.#lines.get(worker);
    if (!line) return;
    this.#lines.delete(worker);
    clearTimeout(line.watchdog);
    line.channel.close();
    line.onIdle();
    const { again, lost } = this.#scheduler.remove(worker);
    for (const job of lost) {
      job.reject(new SegmenterError('worker-failed', lostTwice));
      this.#free.push(job);
    }
    this.#send(again);
    this.#listener.onResize();
  }

  /** Gives the worker nothing new, and resolves when it has nothing left. */
  async retireWorker(worker: number): Promise<void> {
    const line = this.#lines.get(worker);
    if (!line) return;
    this.#scheduler.retire(worker);
    this.#listener.onResize();
    if (this.#scheduler.loadOf(worker) > 0) {
      await new Promise<void>((resolve) => (line.onIdle = resolve));
    }
    this.removeWorker(worker);
  }

  /** Rejects with `worker-failed` if two workers were lost over it, or on `dispose`. */
  run(
    pixels: Uint8ClampedArray,
    selection?: ClassSelection,
    continuity: Continuity = 'alone',
  ): Promise<CpuAnswer> {
    return new Promise((resolve, reject) => {
      const job = this.#free.pop() ?? this.#createJob();
      job.pixels.set(pixels);
      job.selection = selection ?? null;
      job.continuity = continuity;
      job.resolve = resolve;
      job.reject = reject;
      this.#send(this.#scheduler.submit(job));
    });
  }

  dispose(): Promise<void> {
    for (const line of this.#lines.values()) {
      clearTimeout(line.watchdog);
      line.channel.close();
    }
    this.#lines.clear();
    const shutDown = new SegmenterError('worker-failed', 'The workers were shut down.');
    for (const job of this.#scheduler.clear()) job.reject(shutDown);
    return Promise.resolve();
  }

  #send(assignments: readonly Assignment<Job>[]): void {
    for (const { worker, job } of assignments) {
      const line = this.#lines.get(worker);
      if (line) void this.#runOn(line, job);
    }
  }

  async #runOn(line: Line, job: Job): Promise<void> {
    // What went to a worker that was lost never came back.
    if (job.buffers.pixels.byteLength === 0) job.buffers = this.#createBuffers();
    const { pixels, mask, categories: kept } = job.buffers;
    const { selection, continuity } = job;
    const categories = selection?.hasCategories ? (kept ?? this.#createCategories()) : null;
    new Uint8ClampedArray(pixels).set(job.pixels);
    if (this.#scheduler.loadOf(line.worker) === 1) this.#watch(line);
    try {
      const transfer = categories ? [pixels, mask, categories] : [pixels, mask];
      const params = { pixels, mask, categories, selection, continuity };
      const answer = await line.channel.request('run', params, { transfer });
      job.buffers = { ...answer, categories: answer.categories ?? kept };
      job.resolve(this.#takeAnswer(answer));
    } catch (error) {
      this.#lose(line, error instanceof Error ? error.message : String(error));
      return;
    }
    this.#free.push(job);
    this.#send(this.#scheduler.finish(line.worker, job));
    this.#watch(line);
    if (this.#scheduler.loadOf(line.worker) === 0) line.onIdle();
  }

  #watch(line: Line): void {
    clearTimeout(line.watchdog);
    if (this.#scheduler.loadOf(line.worker) === 0) return;
    line.watchdog = setTimeout(() => {
      this.#lose(line, `It has not answered for ${Math.round(this.#patienceMs / 1000)} seconds.`);
    }, this.#patienceMs);
  }

  /** Closing its channel ends its other runs here, too, when it is no longer one of the lines. */
  #lose({ worker, channel }: Line, reason: string): void {
    if (this.#lines.get(worker)?.channel !== channel) return;
    this.removeWorker(worker);
    this.#listener.onLost(worker, reason);
  }

  /** Its buffers are for the next run. */
  #takeAnswer({ mask, categories }: TensorRequests['run']['result']): CpuAnswer {
    this.#mask.set(new Float32Array(mask));
    if (!categories) return { mask: this.#mask, categories: null };
    this.#categories ??= new Uint8Array(this.#mask.length);
    this.#categories.set(new Uint8Array(categories));
    return { mask: this.#mask, categories: this.#categories };
  }

  #createJob(): Job {
    const { input } = this.model;
    return {
      pixels: new Uint8ClampedArray(4 * input.width * input.height),
      buffers: this.#createBuffers(),
      selection: null,
      continuity: 'alone',
      resolve: () => {},
      reject: () => {},
    };
  }

  #createBuffers(): Job['buffers'] {
    this.#createdBuffers += 2;
    const { input } = this.model;
    return {
      pixels: new ArrayBuffer(4 * input.width * input.height),
      mask: new ArrayBuffer(this.#mask.byteLength),
      categories: null,
    };
  }

  #createCategories(): ArrayBuffer {
    this.#createdBuffers++;
    return new ArrayBuffer(this.#mask.length);
  }
}

const lostTwice =
  'Two inference workers were lost over one frame. Try a smaller model, or backend="webgpu".';
