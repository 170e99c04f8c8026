import { fromWireError, SegmenterError, toSegmenterError } from '../errors.ts';
import { Mask } from '../mask.ts';
import { Channel } from '../protocol/channel.ts';
import type {
  FrameOutcome,
  LoadedModel,
  ModelRequest,
  NoRequests,
  PowerPreference,
  RenderEvents,
  RenderLoadParams,
  RenderNotices,
  RenderRequests,
  RendererOption,
  WorkersOption,
} from '../protocol/messages.ts';
import type { Backend } from '../stage.ts';
import { isIos } from '../util/browser.ts';
import { renderWorkerFor, wasmFor } from './backends.ts';
import { compileWasm } from './compile-wasm.ts';
import { InferencePool } from './inference-pool.ts';
import { limitOpening } from './opening-limit.ts';
import { locateWasm } from './packaging.ts';
import { spawn } from './spawn.ts';

/** The page's line to the render worker. */
export type RenderChannel = Channel<
  RenderRequests,
  RenderNotices,
  NoRequests,
  Omit<RenderEvents, 'hello'>
>;

/** What starting a backend takes. */
export interface BackendParams {
  readonly model: ModelRequest;
  readonly assetBase: string;
  readonly powerPreference: PowerPreference;
  /** Give up on a GPU that is no faster than WebAssembly. */
  readonly mustBeFast: boolean;
  /** How many inference workers, for WebAssembly. */
  readonly workers: WorkersOption;
  readonly renderer: RendererOption;
  /** Of each inference worker; undefined: as many as suit the device. */
  readonly threads: number | undefined;
}

/** What a running backend tells. */
export interface BackendListener {
  onProgress?(progress: RenderEvents['progress']): void;
  onFrame?(outcome: FrameOutcome): void;
  onMask?(mask: Mask): void;
  /** An option cannot be used, such as the picture behind the person; everything else goes on. */
  onOptionRefused?(error: SegmenterError): void;
  /** What was pushed before is gone with the GPU: background and frame are wanted again. */
  onRecovered?(): void;
  /** The backend is gone. Called at most once; `terminate` is still to be called. */
  onFailed(error: SegmenterError): void;
}

/** Frames that may be with a render worker that runs the model itself: one in work, one to go on with. */
const localConcurrency = 2;

/** The workers of one backend with a model loaded. Ends with {@link terminate}. */
export class BackendSession {
  readonly backend: Backend;
  readonly channel: RenderChannel;
  readonly #worker: Worker;
  readonly #listener: BackendListener;
  readonly #pool: InferencePool | null;
  #loaded: LoadedModel | undefined;
  #opening: ReturnType<typeof setTimeout> | undefined;
  #hasFailed = false;

  /**
   * Spawns the workers, loads the model and warms it up.
   * Rejects with a `worker-…`, `model-…` or `backend-unavailable` code, or `AbortError`; no worker is left then.
   */
  static async start(
    backend: Backend,
    params: BackendParams,
    listener: BackendListener,
    signal: AbortSignal,
  ): Promise<BackendSession> {
    signal.throwIfAborted();
    const { model, assetBase } = params;
    const assets = { wasmUrl: locateWasm(wasmFor(backend), assetBase) };
    // Whatever fails first ends the rest.
    const abort = new AbortController();
    signal.addEventListener('abort', () => abort.abort());
    const wasm = compileWasm(assets.wasmUrl, abort.signal).then((module) => ({ module }));
    let { threads, workers } = params;
    if (isIos()) {
      threads = 1;
      if (workers === 'auto') workers = 1;
    }
    const pool =
      backend === 'wasm'
        ? new InferencePool({ model, assetBase, assets, wasm, threads }, abort.signal)
        : null;
    const rendering = spawn(renderWorkerFor(backend), assetBase, abort.signal).then(
      (worker) => new BackendSession(backend, worker, pool, listener),
    );
    try {
      const [session, started] = await Promise.all([
        rendering,
        pool?.start((progress) => listener.onProgress?.(progress)),
      ]);
      const load = {
        ...params,
        backend,
        assets,
        loaded: started?.loaded,
        worker: started?.line,
        threads,
        workers,
        modelUrl: model.url,
      } as RenderLoadParams;
      if (!pool) void wasm.then((compiled) => session.channel.notify('wasm', compiled));
      session.#loaded = await session.channel.request('load', load, {
        transfer: started ? [started.line.port] : [],
        signal: abort.signal,
      });
      clearTimeout(session.#opening);
      return session;
    } catch (error) {
      abort.abort();
      void rendering.then((session) => session.terminate()).catch(() => {});
      throw error;
    }
  }

  private constructor(
    backend: Backend,
    worker: Worker,
    pool: InferencePool | null,
    listener: BackendListener,
  ) {
    this.backend = backend;
    this.#pool = pool;
    this.#worker = worker;
    this.#listener = listener;
    this.channel = new Channel<
      RenderRequests,
      RenderNotices,
      NoRequests,
      Omit<RenderEvents, 'hello'>
    >(worker, null, {
      progress: (progress) => listener.onProgress?.(progress),
      opening: () => {
        // A GPU that came back has its model loaded again, for which nobody waits here.
        if (!this.#loaded) this.#opening = limitOpening(this.channel);
      },
      frame: (outcome) => listener.onFrame?.(outcome),
      mask: (mask) => listener.onMask?.(new Mask(mask)),
      optionRefused: (error) => listener.onOptionRefused?.(toSegmenterError(fromWireError(error))),
      recovered: () => listener.onRecovered?.(),
      workerWanted: () => void this.#pool?.grow(),
      workerDone: (done) => this.#pool?.end(done.worker),
      failed: (error) => this.#fail(fromWireError(error)),
    });
    if (pool) pool.tell = (...said) => this.channel.notify(...said);
    worker.addEventListener('error', (event) => {
      // It is told by the listener.
      event.preventDefault();
      this.#fail(
        new SegmenterError(
          'worker-failed',
          `The render worker stopped: ${event.message || 'no reason told'}.`,
        ),
      );
    });
  }

  /** Inference workers; 0 where the render worker runs the model itself. */
  get workers(): number {
    return this.#pool?.size ?? 0;
  }

  /** How many frames may be on their way at once. */
  get concurrency(): number {
    return this.#pool ? Math.max(1, this.#pool.size) + 1 : localConcurrency;
  }

  /** What was loaded. */
  get loaded(): LoadedModel {
    if (!this.#loaded) throw new SegmenterError('worker-failed', 'No model is loaded.');
    return this.#loaded;
  }

  /** Ends the workers at once. Every waiting call rejects. */
  terminate(reason?: Error): void {
    this.#hasFailed = true;
    clearTimeout(this.#opening);
    this.channel.close(reason);
    this.#worker.terminate();
    this.#pool?.terminate();
  }

  #fail(error: Error): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.channel.close(error);
    this.#listener.onFailed(toSegmenterError(error));
  }
}
