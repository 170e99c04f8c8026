import { SegmenterError } from '../errors.ts';
import { CpuEngine } from '../inference/cpu-engine.ts';
import {
  countBytes,
  loadModelFile,
  type ModelFile,
  type OnnxFile,
} from '../inference/model-loader.ts';
import type { OrtRuntime } from '../inference/ort-session.ts';
import { PromptableEngine } from '../inference/promptable-engine.ts';
import { countThreads } from '../inference/thread-count.ts';
import { Channel, type Endpoint } from '../protocol/channel.ts';
import type {
  CompiledWasm,
  InferenceEvents,
  InferenceNotices,
  InferenceRequests,
  NoNotices,
  NoRequests,
  SharedFile,
  SharedModel,
  TensorRequests,
} from '../protocol/messages.ts';
import { RequestServer, Transfer } from '../protocol/request-server.ts';
import { collectGarbageSoon } from '../util/collect-garbage.ts';

type PageChannel = Channel<NoRequests, InferenceEvents, InferenceRequests, InferenceNotices>;
type RenderChannel = Channel<NoRequests, NoNotices, TensorRequests, NoNotices>;

/** An inference worker's state: one model on WebAssembly, and the render worker that asks for runs. */
export class InferenceSession {
  readonly #runtime: OrtRuntime;
  readonly #page: PageChannel;
  #takeWasm: (wasm: CompiledWasm) => void = () => {};
  readonly #wasm = new Promise<CompiledWasm>((resolve) => (this.#takeWasm = resolve));
  #render: RenderChannel | undefined;
  #engine: CpuEngine | PromptableEngine | undefined;
  /** ONNX Runtime wants one run at a time. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(endpoint: Endpoint, runtime: OrtRuntime) {
    this.#runtime = runtime;
    this.#page = new Channel(
      endpoint,
      new RequestServer<InferenceRequests>({
        load: (params, signal) => this.#enqueue(() => this.#load(params, signal)),
        connect: async ({ port, lock }) => {
          this.#connect(port);
          return { lock: (await holdLock(lock)) ? lock : '' };
        },
      }),
      { wasm: (wasm) => this.#takeWasm(wasm) },
    );
    this.#page.notify('hello', null);
  }

  async #load(
    { model, assets, threads }: InferenceRequests['load']['params'],
    signal: AbortSignal,
  ): Promise<InferenceRequests['load']['result']> {
    const onProgress = (progress: InferenceEvents['progress']): void =>
      this.#page.notify('progress', progress);
    const file =
      'bytes' in model ? await readShared(model) : await loadModelFile(model, onProgress, signal);
    this.#runtime.configure(assets, await this.#wasm, countThreads(threads));
    this.#page.notify('opening', null);
    await this.#engine?.dispose();
    this.#engine = undefined;
    const { engine, warmUpMs } = await (file.decoder
      ? PromptableEngine.create(this.#runtime, { ...file, decoder: file.decoder })
      : CpuEngine.create(this.#runtime, 'wasm', file));
    this.#engine = engine;
    // Chromium keeps all that it streamed the wasm file through, 40 MB, until then.
    collectGarbageSoon();
    return {
      loaded: {
        model: engine.model,
        backend: 'wasm',
        renderer: '2d',
        maxSidePx: Infinity,
        warmUpMs,
        fileBytes: countBytes(file),
      },
      // Where a browser keeps blobs is its affair; they need not be in the memory of the page.
      file: { ...file, ...share(file), decoder: file.decoder && share(file.decoder) },
      wasm: this.#runtime.wasm,
    };
  }

  #connect(port: MessagePort): void {
    this.#render?.close();
    this.#render = new Channel(
      port,
      new RequestServer<TensorRequests>({
        run: (params) => this.#enqueue(() => this.#run(params)),
      }),
      {},
    );
  }

  async #run({
    pixels,
    mask,
    categories,
    selection,
    continuity,
  }: TensorRequests['run']['params']): Promise<Transfer<TensorRequests['run']['result']>> {
    if (!this.#engine) throw new SegmenterError('worker-failed', 'No model is loaded.');
    const answer = {
      mask: new Float32Array(mask),
      categories: categories && new Uint8Array(categories),
    };
    await this.#engine.runInto(answer, new Uint8Array(pixels), selection ?? undefined, continuity);
    const transfer = categories ? [pixels, mask, categories] : [pixels, mask];
    return new Transfer({ pixels, mask, categories }, transfer);
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {});
    return result;
  }
}

async function readShared(file: SharedModel): Promise<ModelFile> {
  const decoder = file.decoder && (await readFile(file.decoder));
  return { ...file, ...(await readFile(file)), decoder };
}

async function readFile({ url, bytes, externalData }: SharedFile): Promise<OnnxFile> {
  const read = async (blob: Blob): Promise<Uint8Array<ArrayBuffer>> =>
    new Uint8Array(await blob.arrayBuffer());
  const others = externalData.map(async (data) => ({ ...data, bytes: await read(data.bytes) }));
  return { url, bytes: await read(bytes), externalData: await Promise.all(others) };
}

function share({ url, bytes, externalData }: OnnxFile): SharedFile {
  const others = externalData.map((data) => ({ ...data, bytes: new Blob([data.bytes]) }));
  return { url, bytes: new Blob([bytes]), externalData: others };
}

/** A lock goes when its worker goes, however that happens, and whoever waits for it is told. */
function holdLock(name: string): Promise<boolean> {
  const forever = new Promise<never>(() => {});
  return new Promise((resolve) => {
    // Pages that are not a secure context have none, and sandboxed ones are refused.
    const { locks } = navigator as { locks?: LockManager };
    if (!locks || !name) return resolve(false);
    locks
      .request(name, () => {
        resolve(true);
        return forever;
      })
      .catch(() => resolve(false));
  });
}
