import { SegmenterError } from '../errors.ts';
import { Channel } from '../protocol/channel.ts';
import type {
  InferenceEvents,
  InferenceRequests,
  LoadedModel,
  ModelRequest,
  NoNotices,
  NoRequests,
  RuntimeAssets,
  SharedModel,
  WorkerLine,
} from '../protocol/messages.ts';
import { inferenceThreads } from './backends.ts';
import { spawn } from './spawn.ts';

type InferenceChannel = Channel<InferenceRequests, NoNotices, NoRequests, InferenceEvents>;

/** What an inference worker needs to start. */
export interface InferenceParams {
  readonly model: ModelRequest | SharedModel;
  readonly assetBase: string;
  readonly assets: RuntimeAssets;
}

interface Started {
  readonly line: WorkerLine;
  readonly loaded: LoadedModel;
  readonly file: SharedModel;
}

/** The page's end of a worker that runs a model on WebAssembly. Ends with {@link terminate}. */
export class InferenceWorker {
  readonly id: number;
  readonly #worker: Worker;
  readonly #channel: InferenceChannel;
  #onStopped: (error: SegmenterError) => void = () => {};
  #started: Started | undefined;

  /**
   * Spawns the worker, loads the model and warms it up.
   * Rejects with a `worker-…`, `model-…`, `out-of-memory` or `backend-unavailable` code, or `AbortError`.
   */
  static async start(
    id: number,
    params: InferenceParams,
    onProgress: (progress: InferenceEvents['progress']) => void,
    signal: AbortSignal,
  ): Promise<InferenceWorker> {
    const worker = await spawn('inference-wasm', params.assetBase, signal);
    const inference = new InferenceWorker(id, worker, onProgress);
    try {
      await inference.#load(params, signal);
      return inference;
    } catch (error) {
      inference.terminate();
      throw error;
    }
  }

  private constructor(
    id: number,
    worker: Worker,
    onProgress: (progress: InferenceEvents['progress']) => void,
  ) {
    this.id = id;
    this.#worker = worker;
    this.#channel = new Channel<InferenceRequests, NoNotices, NoRequests, InferenceEvents>(
      worker,
      {},
      { hello: () => {}, progress: onProgress },
    );
    worker.addEventListener('error', (event) => {
      // It is dealt with here, and no error of the page's.
      event.preventDefault();
      const { message } = event;
      const error = new SegmenterError(
        'worker-failed',
        `An inference worker stopped: ${message || 'no reason told'}.`,
      );
      this.#channel.close(error);
      this.#onStopped(error);
    });
  }

  /** For the render worker. To be transferred, once. */
  get line(): WorkerLine {
    return this.#result.line;
  }

  get loaded(): LoadedModel {
    return this.#result.loaded;
  }

  /** The model, for the next worker. */
  get file(): SharedModel {
    return this.#result.file;
  }

  /** Called when the worker throws outside a request. */
  set onStopped(listener: (error: SegmenterError) => void) {
    this.#onStopped = listener;
  }

  terminate(): void {
    this.#channel.close();
    this.#worker.terminate();
  }

  get #result(): Started {
    if (!this.#started) throw new SegmenterError('worker-failed', 'No model is loaded.');
    return this.#started;
  }

  async #load({ model, assets }: InferenceParams, signal: AbortSignal): Promise<void> {
    const { port1, port2 } = new MessageChannel();
    const threads = inferenceThreads();
    const lock = `void-segmenter ${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
    const [{ loaded, file }, held] = await Promise.all([
      this.#channel.request('load', { model, assets, threads }, { signal }),
      this.#channel.request('connect', { port: port2, lock }, { transfer: [port2], signal }),
    ]);
    this.#started = { line: { worker: this.id, port: port1, lock: held.lock }, loaded, file };
  }
}
