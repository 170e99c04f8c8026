import { abortError, isAbortError, type SegmenterError } from '../errors.ts';
import type { ModelOptions } from '../model-options.ts';
import type { BackendOption } from '../pool/backends.ts';
import { Segmenter, type LiveListener, type LoadProgress } from '../segmenter.ts';
import type { PowerPreference, WorkersOption } from '../protocol/messages.ts';
import { endRun, ParkedRun, type Run } from './parked-run.ts';

/** What the choice of a segmenter depends on. A change of any means a new one. */
export interface EngineOptions {
  readonly model: string;
  readonly integrity: string;
  readonly modelOptions: ModelOptions | null;
  readonly backend: BackendOption;
  readonly powerPreference: PowerPreference;
  readonly assetBase: string;
  readonly workers: WorkersOption;
}

/** What an engine tells, beyond what its segmenter does. */
export interface EngineListener extends LiveListener {
  onProgress(progress: LoadProgress): void;
  onReady(segmenter: Segmenter): void;
}

type Tell = (...said: never[]) => void;

/** Owns the segmenter of an element, and the one before it; the newest options win. */
export class Engine {
  readonly #listener: EngineListener;
  readonly #parked = new ParkedRun();
  #run: Run | null = null;
  #segmenter: Segmenter | null = null;
  #starting: Promise<Segmenter> | null = null;

  constructor(listener: EngineListener) {
    this.#listener = listener;
  }

  /** The segmenter, while it runs: not before it is ready, nor while its backend is replaced. */
  get segmenter(): Segmenter | null {
    return this.#segmenter?.isRunning ? this.#segmenter : null;
  }

  /** Starts a segmenter for these options, unless that is the one that runs or starts. */
  start(options: EngineOptions): Promise<Segmenter> {
    const key = JSON.stringify(options);
    if (this.#starting && key === this.#run?.key) return this.#starting;
    const run = this.#parked.take(key) ?? { key, abort: new AbortController(), segmenter: null };
    if (this.#run) this.#parked.put(this.#run);
    this.#run = run;
    this.#segmenter = null;
    this.#starting = this.#open(run, options);
    this.#starting.catch((error: unknown) => {
      if (this.#run !== run || isAbortError(error)) return;
      this.#starting = null;
      this.#listener.onFailure(error as SegmenterError);
    });
    return this.#starting;
  }

  /** Ends workers and loading at once. */
  stop(): void {
    if (this.#run) endRun(this.#run);
    this.#parked.clear();
    this.#run = null;
    this.#segmenter = null;
    this.#starting = null;
  }

  async #open(run: Run, options: EngineOptions): Promise<Segmenter> {
    // One that is there already is ready after the caller is done with what ran before, as one that starts is.
    const segmenter = await (run.segmenter ?? this.#create(run, options));
    if (this.#run !== run) {
      // It may have come at the very moment it was called off.
      if (run.abort.signal.aborted) segmenter.dispose();
      throw abortError('Other options were chosen.');
    }
    run.segmenter = segmenter;
    this.#segmenter = segmenter;
    this.#listener.onReady(segmenter);
    return segmenter;
  }

  #create(run: Run, options: EngineOptions): Promise<Segmenter> {
    const { signal } = run.abort;
    const listener = this.#listenerFor(run);
    return Segmenter.createLive(
      { ...options, signal, onProgress: (progress) => listener.onProgress(progress) },
      listener,
    );
  }

  /** A segmenter that does not run says nothing; its masks are closed. */
  #listenerFor(run: Run): EngineListener {
    const told = Object.entries(this.#listener).map(([name, tell]: [string, Tell]) => [
      name,
      (...said: never[]) => this.#run === run && tell(...said),
    ]);
    return {
      ...(Object.fromEntries(told) as EngineListener),
      onMask: (mask) => (this.#run === run ? this.#listener.onMask(mask) : mask.close()),
    };
  }
}
