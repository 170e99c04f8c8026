import { fromWireError, SegmenterError } from '../errors.ts';
import { Channel } from '../protocol/channel.ts';
import type {
  FrameOutcome,
  LoadedModel,
  MaskData,
  ModelRequest,
  NoRequests,
  RenderEvents,
  RenderLoadParams,
  RenderNotices,
  RenderRequests,
} from '../protocol/messages.ts';
import type { Backend } from '../stage.ts';
import { renderWorkerFor } from './backends.ts';
import { InferencePool, type InferencePoolListener } from './inference-pool.ts';
import { choosePoolSize, rememberPoolLimit, type WorkersOption } from './pool-size.ts';
import { locateWasm } from './packaging.ts';
import { spawn } from './spawn.ts';

/** The page's line to the render worker. */
export type RenderChannel = Channel<RenderRequests, RenderNotices, NoRequests, RenderEvents>;

/** What starting a backend takes. */
export interface BackendParams {
  readonly model: ModelRequest;
  readonly assetBase: string;
  readonly powerPreference: GPUPowerPreference | '';
  /** Give up on a GPU that is no faster than WebAssembly. */
  readonly mustBeFast: boolean;
  /** How many inference workers, for WebAssembly. */
  readonly workers: WorkersOption;
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

/** Frames that may be with a render worker that runs the model itself: one in work, one to go on with. */
const localConcurrency = 2;

/** The workers of one backend with a model loaded. Ends with {@link terminate}. */
export class BackendSession {
  readonly backend: Backend;
  readonly channel: RenderChannel;
  readonly #worker: Worker;
  readonly #listener: BackendListener;
  #pool: InferencePool | undefined;
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
    // Whatever fails first ends the rest.
    const abort = new AbortController();
    signal.addEventListener('abort', () => abort.abort());
    const rendering = spawn(renderWorkerFor(backend), params.assetBase, abort.signal).then(
      (worker) => new BackendSession(backend, worker, listener),
    );
    try {
      if (backend !== 'wasm') {
        const session = await rendering;
        await session.#load(createLoad(backend, params), [], abort.signal);
        return session;
      }
      const [session, started] = await Promise.all([
        rendering,
        BackendSession.#startPool(params, listener, rendering, abort.signal),
      ]);
      session.#pool = started.pool;
      const { loaded, line } = started;
      await session.#load({ backend, loaded, worker: line }, [line.port], abort.signal);
      started.pool.fill();
      return session;
    } catch (error) {
      abort.abort();
      void rendering.then((session) => session.terminate()).catch(() => {});
      throw error;
    }
  }

  private constructor(backend: Backend, worker: Worker, listener: BackendListener) {
    this.backend = backend;
    this.#worker = worker;
    this.#listener = listener;
    this.channel = new Channel<RenderRequests, RenderNotices, NoRequests, RenderEvents>(
      worker,
      {},
      {
        hello: () => {},
        progress: (progress) => listener.onProgress(progress),
        frame: (outcome) => {
          this.#pool?.frameAnswered(outcome.kind === 'shown');
          listener.onFrame(outcome);
        },
        mask: (mask) => listener.onMask(mask),
        backgroundFailed: (error) => listener.onBackgroundFailed(fromWireError(error)),
        recovered: () => listener.onRecovered(),
        workerLost: ({ worker: lost, reason }) => this.#pool?.lose(lost, reason),
        failed: (error) => this.#fail(fromWireError(error)),
      },
    );
    worker.addEventListener('error', ({ message }) =>
      this.#fail(
        new SegmenterError(
          'worker-failed',
          `The render worker stopped: ${message || 'no reason told'}.`,
        ),
      ),
    );
  }

  /** Inference workers; 0 where the render worker runs the model itself. */
  get workers(): number {
    return this.#pool?.size ?? 0;
  }

  /** How many frames may be on their way at once. */
  get concurrency(): number {
    return this.#pool ? Math.max(1, this.#pool.size) + 1 : localConcurrency;
  }

  /** Takes the frame over; answered by one `frame` event. */
  pushFrame(frame: RenderNotices['frame']): void {
    this.#pool?.frameSent();
    this.channel.notify('frame', frame, [frame.frame]);
  }

  /** What was loaded. */
  get loaded(): LoadedModel {
    if (!this.#loaded) throw new SegmenterError('worker-failed', 'No model is loaded.');
    return this.#loaded;
  }

  /** Ends the workers at once. Every waiting call rejects. */
  terminate(reason?: Error): void {
    this.#hasFailed = true;
    this.channel.close(reason);
    this.#worker.terminate();
    this.#pool?.terminate();
  }

  #fail(error: Error): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.channel.close(error);
    this.#listener.onFailed(error);
  }

  async #load(
    params: RenderLoadParams,
    transfer: Transferable[],
    signal: AbortSignal,
  ): Promise<void> {
    this.#loaded = await this.channel.request('load', params, { transfer, signal });
  }

  /** Starts the pool of a session that may not be there yet. */
  static async #startPool(
    { model, assetBase, workers }: BackendParams,
    listener: BackendListener,
    rendering: Promise<BackendSession>,
    signal: AbortSignal,
  ): ReturnType<typeof InferencePool.start> {
    const assets = { wasmBase: locateWasm(assetBase) };
    const size = await choosePoolSize(workers, model.url);
    const tell = (say: (session: BackendSession) => void): void =>
      void rendering.then(say, () => {});
    const poolListener: InferencePoolListener = {
      onProgress: (progress) => listener.onProgress(progress),
      onAdded: (line) => tell(({ channel }) => channel.notify('workerAdded', line, [line.port])),
      onStopped: (worker) => tell(({ channel }) => channel.notify('workerStopped', { worker })),
      retire: async (worker) => (await rendering).channel.request('retireWorker', { worker }),
      onLimit: (limit) => rememberPoolLimit(model.url, limit),
      onFailed: (error) => tell((session) => session.#fail(error)),
    };
    return InferencePool.start({ model, assetBase, assets }, size, poolListener, signal);
  }
}

function createLoad(
  backend: 'webgpu' | 'webnn',
  { model, assetBase, powerPreference, mustBeFast }: BackendParams,
): RenderLoadParams {
  const assets = { wasmBase: locateWasm(assetBase) };
  if (backend === 'webnn') return { backend, model, assets };
  return { backend, model, assets, powerPreference, mustBeFast };
}
