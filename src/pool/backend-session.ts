import { fromWireError, SegmenterError } from '../errors.ts';
import { Channel } from '../protocol/channel.ts';
import type {
  FrameOutcome,
  InferenceEvents,
  InferenceRequests,
  LoadedModel,
  MaskData,
  ModelRequest,
  NoNotices,
  NoRequests,
  RenderEvents,
  RenderLoadParams,
  RenderNotices,
  RenderRequests,
} from '../protocol/messages.ts';
import type { Backend } from '../stage.ts';
import { inferenceThreads, renderWorkerFor } from './backends.ts';
import { locateWasm } from './packaging.ts';
import { spawn } from './spawn.ts';

/** The page's line to the render worker. */
export type RenderChannel = Channel<RenderRequests, RenderNotices, NoRequests, RenderEvents>;

type InferenceChannel = Channel<InferenceRequests, NoNotices, NoRequests, InferenceEvents>;

/** What starting a backend takes. */
export interface BackendParams {
  readonly model: ModelRequest;
  readonly assetBase: string;
  readonly powerPreference: GPUPowerPreference | '';
  /** Give up on a GPU that is no faster than WebAssembly. */
  readonly mustBeFast: boolean;
}

/** What a running backend tells. */
export interface BackendListener {
  onProgress(progress: RenderEvents['progress']): void;
  onFrame(outcome: FrameOutcome): void;
  onMask(mask: MaskData): void;
  /** The picture behind the person cannot be used; the backend goes on. */
  onBackgroundFailed(error: Error): void;
  /** The GPU came back on a new device: background and frame are wanted again. */
  onRecovered(): void;
  /** The backend is gone. Called at most once; `terminate` is still to be called. */
  onFailed(error: Error): void;
}

/** The workers of one backend with a model loaded. Ends with {@link terminate}. */
export class BackendSession {
  readonly backend: Backend;
  readonly channel: RenderChannel;
  readonly #workers: Worker[];
  #inference: InferenceChannel | undefined;
  #loaded: LoadedModel | undefined;
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
    const { assetBase } = params;
    const names = [
      renderWorkerFor(backend),
      ...(backend === 'wasm' ? (['inference-wasm'] as const) : []),
    ];
    const spawned = await Promise.allSettled(names.map((name) => spawn(name, assetBase, signal)));
    const workers = spawned.flatMap((result) =>
      result.status === 'fulfilled' ? [result.value] : [],
    );
    const failed = spawned.find((result) => result.status === 'rejected');
    if (failed) {
      for (const worker of workers) worker.terminate();
      throw failed.reason;
    }
    const session = new BackendSession(backend, workers, listener);
    try {
      await session.#load(params, listener, signal);
      return session;
    } catch (error) {
      session.terminate();
      throw error;
    }
  }

  private constructor(backend: Backend, workers: Worker[], listener: BackendListener) {
    this.backend = backend;
    this.#workers = workers;
    const fail = (error: Error): void => {
      if (this.#hasFailed) return;
      this.#hasFailed = true;
      this.#closeChannels(error);
      listener.onFailed(error);
    };
    this.channel = new Channel<RenderRequests, RenderNotices, NoRequests, RenderEvents>(
      this.#renderWorker,
      {},
      {
        hello: () => {},
        progress: (progress) => listener.onProgress(progress),
        frame: (outcome) => listener.onFrame(outcome),
        mask: (mask) => listener.onMask(mask),
        backgroundFailed: (error) => listener.onBackgroundFailed(fromWireError(error)),
        recovered: () => listener.onRecovered(),
        failed: (error) => fail(fromWireError(error)),
      },
    );
    for (const worker of workers) {
      worker.addEventListener('error', ({ message }) =>
        fail(
          new SegmenterError('worker-failed', `A worker stopped: ${message || 'no reason told'}.`),
        ),
      );
    }
  }

  /** What was loaded. */
  get loaded(): LoadedModel {
    if (!this.#loaded) throw new SegmenterError('worker-failed', 'No model is loaded.');
    return this.#loaded;
  }

  /** Ends the workers at once. Every waiting call rejects. */
  terminate(reason?: Error): void {
    this.#hasFailed = true;
    this.#closeChannels(reason);
    for (const worker of this.#workers) worker.terminate();
  }

  #closeChannels(reason: Error | undefined): void {
    this.channel.close(reason);
    this.#inference?.close(reason);
  }

  get #renderWorker(): Worker {
    return this.#workers[0] as Worker;
  }

  async #load(
    params: BackendParams,
    listener: BackendListener,
    signal: AbortSignal,
  ): Promise<void> {
    const { model, powerPreference, mustBeFast } = params;
    const assets = { wasmBase: locateWasm(params.assetBase) };
    let load: RenderLoadParams;
    const transfer: Transferable[] = [];
    if (this.backend === 'wasm') {
      const { loaded, port } = await this.#loadInference({ model, assets }, listener, signal);
      load = { backend: 'wasm', loaded, port };
      transfer.push(port);
    } else if (this.backend === 'webgpu') {
      load = { backend: 'webgpu', model, assets, powerPreference, mustBeFast };
    } else {
      load = { backend: 'webnn', model, assets };
    }
    this.#loaded = await this.channel.request('load', load, { transfer, signal });
  }

  /** Loads the model into the inference worker and returns the render worker's port to it. */
  async #loadInference(
    params: Omit<InferenceRequests['load']['params'], 'threads'>,
    listener: BackendListener,
    signal: AbortSignal,
  ): Promise<{ loaded: LoadedModel; port: MessagePort }> {
    const inference: InferenceChannel = new Channel<
      InferenceRequests,
      NoNotices,
      NoRequests,
      InferenceEvents
    >(
      this.#workers[1] as Worker,
      {},
      { hello: () => {}, progress: (progress) => listener.onProgress(progress) },
    );
    this.#inference = inference;
    const { port1, port2 } = new MessageChannel();
    const [loaded] = await Promise.all([
      inference.request('load', { ...params, threads: inferenceThreads() }, { signal }),
      inference.request('connect', { port: port2 }, { transfer: [port2], signal }),
    ]);
    return { loaded, port: port1 };
  }
}
