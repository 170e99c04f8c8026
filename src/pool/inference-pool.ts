import { isAbortError, SegmenterError, toSegmenterError } from '../errors.ts';
import { Channel } from '../protocol/channel.ts';
import type {
  CompiledWasm,
  InferenceEvents,
  InferenceNotices,
  InferenceRequests,
  LoadedModel,
  ModelRequest,
  NoRequests,
  RenderNotices,
  RuntimeAssets,
  SharedModel,
  WorkerLine,
} from '../protocol/messages.ts';
import { limitOpening } from './opening-limit.ts';
import { spawn } from './spawn.ts';

/** What inference workers need to start. */
export interface InferenceParams {
  readonly model: ModelRequest;
  readonly assetBase: string;
  readonly assets: RuntimeAssets;
  /** For the first worker; if it has to compile, the next ones take what it compiled. */
  readonly wasm: Promise<CompiledWasm>;
  /** Of each worker. */
  readonly threads: number | undefined;
  /** How long a downloaded model may take until it has run. Default: two minutes. */
  readonly openingLimitMs?: number;
}

/** Says something to the render worker, which decides how many workers there are to be. */
type Tell = <T extends 'workerAdded' | 'workerRefused' | 'workerStopped'>(
  type: T,
  params: RenderNotices[T],
  transfer?: Transferable[],
) => void;

/** Starts and ends workers that run a model on WebAssembly. Ends with {@link terminate}. */
export class InferencePool {
  readonly #params: InferenceParams;
  /** Ends those that are still loading. */
  readonly #abort = new AbortController();
  readonly #workers = new Map<number, Worker>();
  /** What the first worker downloaded, for the next ones. */
  #file: SharedModel | undefined;
  #wasm: Promise<CompiledWasm>;
  #started = 0;
  /** Set once there is a render worker. */
  tell: Tell = () => {};

  constructor(params: InferenceParams, signal: AbortSignal) {
    this.#params = params;
    this.#wasm = params.wasm;
    signal.addEventListener('abort', () => this.terminate());
  }

  get size(): number {
    return this.#workers.size;
  }

  /**
   * Starts one more, with the model loaded and warmed up.
   * Rejects with a `worker-…`, `model-…`, `out-of-memory` or `backend-unavailable` code, or `AbortError`.
   *
   * @returns What it loaded, and the line to it, for the render worker. Its port is to be transferred.
   */
  async start(
    onProgress: (progress: InferenceEvents['progress']) => void,
  ): Promise<{ loaded: LoadedModel; line: WorkerLine }> {
    const id = this.#started++;
    const { model, assetBase, assets, threads, openingLimitMs } = this.#params;
    const { signal } = this.#abort;
    const worker = await spawn('inference-wasm', assetBase, signal);
    let opening: ReturnType<typeof setTimeout> | undefined;
    const channel = new Channel<
      InferenceRequests,
      InferenceNotices,
      NoRequests,
      Omit<InferenceEvents, 'hello'>
    >(worker, null, {
      progress: onProgress,
      opening: () => (opening = limitOpening(channel, openingLimitMs)),
    });
    worker.onerror = (event) => {
      // It is dealt with here, and no error of the page's.
      event.preventDefault();
      const reason = `An inference worker stopped: ${event.message}.`;
      channel.close(new SegmenterError('worker-failed', reason));
      this.tell('workerStopped', { worker: id, reason });
    };
    try {
      const { port1: port, port2 } = new MessageChannel();
      const name = `void-segmenter ${crypto.getRandomValues(new Uint32Array(4)).join('-')}`;
      const params = { model: this.#file ?? model, assets, threads };
      void this.#wasm.then((wasm) => channel.notify('wasm', wasm));
      const [{ loaded, file, wasm }, { lock }] = await Promise.all([
        channel.request('load', params, { signal }),
        channel.request('connect', { port: port2, lock: name }, { transfer: [port2], signal }),
      ]);
      this.#file = file;
      this.#wasm = Promise.resolve(wasm);
      this.#workers.set(id, worker);
      return { loaded, line: { worker: id, port, lock } };
    } catch (error) {
      worker.terminate();
      throw error;
    } finally {
      clearTimeout(opening);
    }
  }

  /** Starts one more and tells what came of it. */
  async grow(): Promise<void> {
    try {
      const { line } = await this.start(() => {});
      this.tell('workerAdded', line, [line.port]);
    } catch (error) {
      if (isAbortError(error)) return;
      const { code, message } = toSegmenterError(error);
      this.tell('workerRefused', { code, message });
    }
  }

  end(worker: number): void {
    this.#workers.get(worker)?.terminate();
    this.#workers.delete(worker);
  }

  terminate(): void {
    this.#abort.abort();
    for (const worker of this.#workers.keys()) this.end(worker);
  }
}
