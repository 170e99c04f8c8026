import { isAbortError, toSegmenterError, type SegmenterError } from '../errors.ts';
import type { ModelOptions } from '../model-options.ts';
import type { BackendOption } from '../pool/backends.ts';
import { Segmenter, type LiveListener, type LoadProgress } from '../segmenter.ts';
import type { WorkersOption } from '../protocol/messages.ts';
import type { PowerPreference } from './options.ts';

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

/** Owns the one segmenter of an element; the newest options win. */
export class Engine {
  readonly #listener: EngineListener;
  #key = '';
  #abort = new AbortController();
  #segmenter: Segmenter | null = null;
  #starting: Promise<Segmenter> | null = null;

  constructor(listener: EngineListener) {
    this.#listener = listener;
  }

  /** The segmenter, once it is ready. */
  get segmenter(): Segmenter | null {
    return this.#segmenter;
  }

  /** Starts a segmenter for these options, unless that is the one that runs or starts. */
  start(options: EngineOptions): Promise<Segmenter> {
    const key = JSON.stringify(options);
    if (this.#starting && key === this.#key) return this.#starting;
    this.stop();
    this.#key = key;
    const abort = this.#abort;
    this.#starting = this.#create(options, abort.signal);
    this.#starting.catch((error: unknown) => {
      if (abort.signal.aborted || isAbortError(error)) return;
      this.#starting = null;
      this.#listener.onFailure(error as SegmenterError);
    });
    return this.#starting;
  }

  /** Ends workers and loading at once. */
  stop(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#segmenter?.dispose();
    this.#segmenter = null;
    this.#starting = null;
  }

  async #create(options: EngineOptions, signal: AbortSignal): Promise<Segmenter> {
    try {
      const segmenter = await Segmenter.createLive(
        { ...options, signal, onProgress: (progress) => this.#listener.onProgress(progress) },
        this.#listenerUntil(signal),
      );
      this.#segmenter = segmenter;
      this.#listener.onReady(segmenter);
      return segmenter;
    } catch (error) {
      signal.throwIfAborted();
      throw toSegmenterError(error, 'worker-failed');
    }
  }

  /** A segmenter that was replaced says nothing any more. */
  #listenerUntil(signal: AbortSignal): LiveListener {
    const listener = this.#listener;
    return {
      onFrame: (outcome) => signal.aborted || listener.onFrame(outcome),
      onMask: (mask) => (signal.aborted ? mask.close() : listener.onMask(mask)),
      onOptionRefused: (error) => signal.aborted || listener.onOptionRefused(error),
      onRecovered: () => signal.aborted || listener.onRecovered(),
      onBackendChange: (from, to, reason) =>
        signal.aborted || listener.onBackendChange(from, to, reason),
      onFailure: (error) => signal.aborted || listener.onFailure(error),
    };
  }
}
