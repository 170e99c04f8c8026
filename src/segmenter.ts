import { isAbortError, SegmenterError, toSegmenterError } from './errors.ts';
import { Mask } from './mask.ts';
import type { ModelOptions } from './model-options.ts';
import { BackendSession, type BackendListener } from './pool/backend-session.ts';
import { rankBackends, type BackendOption } from './pool/backends.ts';
import { locateModel } from './pool/packaging.ts';
import { clearModelCache, preloadModel } from './pool/preload-model.ts';
import type {
  MaskRequest,
  ModelRequest,
  PowerPreference,
  RendererOption,
  ViewOptions,
  WorkersOption,
} from './protocol/messages.ts';
import type { Prompt } from './prompts.ts';
import { captureStill, type StillSource } from './source/capture.ts';
import type { Backend, Frame, MaskFormat } from './stage.ts';
import { sharedNowMs } from './util/clock.ts';
import { displaySize } from './util/display-size.ts';
import { listWords, type WordList } from './util/list-words.ts';

export { Mask } from './mask.ts';
export { SegmenterError, type ErrorCode } from './errors.ts';
export type {
  ModelInputOptions,
  ModelOptions,
  ModelOutputOptions,
  ModelStateOptions,
} from './model-options.ts';
export type { BoxPrompt, PointPrompt, Prompt } from './prompts.ts';
export type { StillSource } from './source/capture.ts';
export type { Backend, MaskFormat } from './stage.ts';
export type { BackendOption } from './pool/backends.ts';
export type { PowerPreference, WorkersOption } from './protocol/messages.ts';
export type { WordList } from './util/list-words.ts';

/** Bytes of one file so far and in all; `total` is 0 while unknown. */
export interface LoadProgress {
  readonly loaded: number;
  readonly total: number;
  /** Name of the file. */
  readonly asset: string;
}

/** How to make a {@link Segmenter}. */
export interface SegmenterOptions {
  /**
   * `selfie` (256x256), `selfie-landscape` (256x144), or the URL of an `.onnx` file or of a manifest (`.json`).
   * Default `auto`, which is `selfie` here: a lone segmenter does not know its sources.
   */
  readonly model?: string | undefined;
  /** Subresource-Integrity hash of the model file. Default: the manifest's, if it has one. */
  readonly integrity?: string | undefined;
  /** What the model's file and manifest do not tell of it, or tell wrong. */
  readonly modelOptions?: ModelOptions | null | undefined;
  /** Default `auto`: WebGPU where it is real and fast, else WebAssembly. A named one is not replaced. */
  readonly backend?: BackendOption | undefined;
  /** Which GPU. Default: the browser's choice. */
  readonly powerPreference?: PowerPreference | undefined;
  /** URL of the folder with models and wasm files. Default: beside the script. */
  readonly assetBase?: string | undefined;
  /**
   * WebAssembly: how many workers run the model at once, 1 to 8. Default `auto`: one, and more while there are more frames than it
   * can take, as long as each brings a tenth more.
   */
  readonly workers?: WorkersOption | undefined;
  /** @internal */
  readonly renderer?: RendererOption | undefined;
  /** @internal */
  readonly threads?: number | undefined;
  /** Aborts the loading. */
  readonly signal?: AbortSignal | undefined;
  /** Told while the model is downloaded. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/** How to load a model for later; the same as for {@link Segmenter.create}. */
export type PreloadOptions = Pick<
  SegmenterOptions,
  'model' | 'integrity' | 'assetBase' | 'signal' | 'onProgress'
>;

/** How to segment one picture. */
export interface SegmentOptions {
  /** Default `alpha`. */
  readonly output?: MaskFormat | undefined;
  /**
   * Names or numbers of the model's classes that count as foreground, in a list or with commas or spaces between them. Default:
   * all but the background.
   */
  readonly classes?: WordList | undefined;
  /** For a promptable model: points and a box of what is foreground, in pixels of the picture. Default: nothing is. */
  readonly prompts?: readonly Prompt[] | undefined;
  /**
   * `source` (default): a mask as large as the picture; `model`: as the model gave it. For `contour` it is the space of the
   * coordinates.
   */
  readonly size?: 'source' | 'model' | undefined;
  /** For `contour`, and `categories` of two classes: probability from which a pixel is foreground, 0..1. Default 0.5. */
  readonly threshold?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * What a segmenter that presents on a canvas tells its owner, the element.
 *
 * @internal
 */
export interface LiveListener extends Required<
  Pick<BackendListener, 'onFrame' | 'onMask' | 'onOptionRefused' | 'onRecovered'>
> {
  /** Another backend runs now, in another worker: canvas, options, background and frame are wanted again. */
  onBackendChange(from: Backend, to: Backend, reason: SegmenterError): void;
  /** No backend is left. */
  onFailure(error: SegmenterError): void;
}

/**
 * Segments pictures in workers of its own, without an element. Make one with {@link Segmenter.create}, keep it, and
 * {@link dispose} of it.
 *
 * @example
 * const segmenter = await Segmenter.create();
 * const mask = await segmenter.segment(document.querySelector('img'), { output: 'bitmap' });
 */
export class Segmenter {
  readonly #options: SegmenterOptions;
  readonly #live: Partial<LiveListener>;
  readonly #abort = new AbortController();
  #renderer: RendererOption;
  #candidates: readonly Backend[];
  /** What ran until a frame came that is too large for its GPU. */
  #outgrown: Outgrown | null = null;
  /** Once it is started. */
  #session = new Promise<BackendSession>(() => {});
  #current: BackendSession | undefined;

  /**
   * Spawns the workers, loads the model and warms it up.
   * Rejects with a {@link SegmenterError}, or with `AbortError` once `options.signal` aborts.
   */
  static create(options: SegmenterOptions = {}): Promise<Segmenter> {
    return Segmenter.createLive(options, {});
  }

  /**
   * Downloads a model into the browser's cache and starts nothing: what needs it later has it at once, and offline.
   * Rejects with a {@link SegmenterError}, or with `AbortError`.
   *
   * @returns Whether it is kept. It is not where there is no cache (pages without HTTPS, some private windows) or no room.
   */
  static async preload(options: PreloadOptions): Promise<boolean> {
    const { onProgress = () => {}, signal = new AbortController().signal } = options;
    const base = absoluteBase(options);
    return preloadModel(modelRequest(options, base), base, onProgress, signal);
  }

  /** Deletes all models that the browser keeps for this origin. Those that run go on. */
  static clearCache(): Promise<void> {
    return clearModelCache();
  }

  /** @internal */
  static async createLive(
    options: SegmenterOptions,
    live: Partial<LiveListener>,
  ): Promise<Segmenter> {
    const { backend = 'auto', powerPreference = '', signal } = options;
    const candidates = await rankBackends(backend, powerPreference);
    signal?.throwIfAborted();
    const segmenter = new Segmenter(options, live, candidates);
    const onAbort = (): void => segmenter.dispose();
    signal?.addEventListener('abort', onAbort);
    try {
      await segmenter.#restart(undefined);
      signal?.throwIfAborted();
      return segmenter;
    } catch (error) {
      segmenter.dispose();
      signal?.throwIfAborted();
      throw toSegmenterError(error);
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  }

  private constructor(
    options: SegmenterOptions,
    live: Partial<LiveListener>,
    candidates: readonly Backend[],
  ) {
    this.#options = options;
    this.#renderer = options.renderer ?? 'auto';
    this.#live = live;
    this.#candidates = candidates;
  }

  /** The backend that runs. */
  get backend(): Backend {
    return this.#loaded.backend;
  }

  /** Name of the model; of one without a manifest, its URL. */
  get model(): string {
    return this.#loaded.model.name;
  }

  /**
   * Segments one picture. The source stays the caller's.
   * Rejects with a {@link SegmenterError}, or with `AbortError`.
   */
  async segment(
    source: StillSource,
    {
      output = 'alpha',
      classes,
      prompts,
      size = 'source',
      threshold = 0.5,
      signal,
    }: SegmentOptions = {},
  ): Promise<Mask> {
    signal?.throwIfAborted();
    const frame = await captureStill(source);
    const mask: MaskRequest = { format: output, size, threshold };
    try {
      const { channel } = await this.#session;
      const params = {
        frame,
        mask,
        classes: listWords(classes),
        prompts: copyPlain(prompts ?? []),
      };
      const transfer = [frame];
      return new Mask(await channel.request('segment', params, { transfer, signal }));
    } catch (error) {
      frame.close();
      throw isAbortError(error) ? error : toSegmenterError(error);
    }
  }

  /** Ends the workers at once and frees all they hold. Every waiting call rejects. */
  dispose(): void {
    this.#abort.abort();
    const reason = new SegmenterError('worker-failed', 'The segmenter was disposed of.');
    this.#current?.terminate(reason);
    this.#current = undefined;
    this.#session = Promise.reject(reason);
    this.#session.catch(() => {});
  }

  /** @internal */
  get warmUpMs(): number {
    return this.#loaded.warmUpMs;
  }

  /** Whether a backend is there: not so while one is replaced, nor once none is left. @internal */
  get isRunning(): boolean {
    return this.#current !== undefined;
  }

  /** Resolves once a backend runs; rejects where none does. @internal */
  get started(): Promise<unknown> {
    return this.#session;
  }

  /** Size of the model's files. @internal */
  get fileBytes(): number {
    return this.#loaded.fileBytes;
  }

  /** Inference workers; 0 where the model runs in the render worker. @internal */
  get workers(): number {
    return this.#current?.workers ?? 0;
  }

  /** How many frames may be on their way at once. @internal */
  get concurrency(): number {
    return this.#current?.concurrency ?? 1;
  }

  /** @internal */
  get renderer(): string {
    return this.#loaded.renderer;
  }

  /** @internal */
  attachCanvas(canvas: OffscreenCanvas): void {
    this.#current?.channel.notify('canvas', { canvas }, [canvas]);
  }

  /** @internal */
  configure(options: ViewOptions): void {
    const prompts = copyPlain(options.prompts ?? []);
    this.#current?.channel.notify('configure', { ...options, prompts });
  }

  /** Takes the frame over; answered by one `onFrame`, or by `onBackendChange` if it takes another backend. @internal */
  pushFrame(frame: Frame, timestampUs: number, capturedAtMs = sharedNowMs()): void {
    const notice = { frame, timestampUs, capturedAtMs };
    if (this.#current && !this.#changeFor(frame, this.#current)) {
      this.#current.channel.notify('frame', notice, [frame]);
    } else {
      frame.close();
    }
  }

  /** Takes the picture over. @internal */
  setBackground(picture: Frame | null): void {
    const transfer = picture ? [picture] : [];
    if (this.#current) this.#current.channel.notify('background', { picture }, transfer);
    else picture?.close();
  }

  /** @internal */
  clear(): void {
    this.#current?.channel.notify('clear', null);
  }

  /** Forgets all pictures. What is in view stays as it is, on a canvas that is not drawn on any more. @internal */
  rest(): void {
    this.attachCanvas(new OffscreenCanvas(1, 1));
    this.clear();
    this.setBackground(null);
  }

  /** @internal */
  async snapshot(type: string, quality: number): Promise<Blob> {
    const { channel } = await this.#session;
    return channel.request('snapshot', { type, quality });
  }

  /** The backend no longer answers; goes on with the next one. @internal */
  giveUpBackend(reason: SegmenterError): void {
    if (this.#current) this.#onFailed(this.#current, reason);
  }

  get #loaded(): BackendSession['loaded'] {
    if (!this.#current) throw new SegmenterError('worker-failed', 'No backend runs.');
    return this.#current.loaded;
  }

  /** Starts the best backend that works; rejects with the last one's reason. */
  #restart(reason: SegmenterError | undefined): Promise<unknown> {
    const from = this.#current?.backend;
    this.#current = undefined;
    this.#session = this.#startFirst(from, reason);
    this.#session.catch(() => {});
    return this.#session;
  }

  async #startFirst(
    from: Backend | undefined,
    reason: SegmenterError | undefined,
  ): Promise<BackendSession> {
    let previous = from;
    let why = reason;
    for (;;) {
      const [backend, ...rest] = this.#candidates;
      if (!backend) {
        throw why ?? new SegmenterError('backend-unavailable', 'No backend works in this browser.');
      }
      try {
        const session = await this.#start(backend, rest.length > 0);
        this.#current = session;
        if (previous && why) this.#live.onBackendChange?.(previous, backend, why);
        return session;
      } catch (error) {
        if (isAbortError(error) || isModelError(error)) throw error;
        this.#candidates = rest;
        previous = backend;
        why = toSegmenterError(error, 'backend-unavailable');
      }
    }
  }

  async #start(backend: Backend, mustBeFast: boolean): Promise<BackendSession> {
    const { powerPreference = '', workers = 'auto', onProgress } = this.#options;
    const base = absoluteBase(this.#options);
    let session: BackendSession | undefined = undefined;
    const listener: BackendListener = {
      ...this.#live,
      ...(onProgress && { onProgress }),
      onFailed: (error) => session && this.#onFailed(session, error),
    };
    const params = {
      model: modelRequest(this.#options, base),
      assetBase: base,
      powerPreference,
      mustBeFast,
      workers,
      renderer: this.#renderer,
      threads: this.#options.threads,
    };
    session = await BackendSession.start(backend, params, listener, this.#abort.signal);
    return session;
  }

  #onFailed(session: BackendSession, reason: SegmenterError): void {
    if (this.#abort.signal.aborted || session !== this.#current) return;
    const isContextLost = session.loaded.renderer === 'webgl2' && reason.code === 'device-lost';
    if (isContextLost) this.#renderer = '2d';
    else this.#candidates = this.#candidates.slice(1);
    this.#replace(session, reason);
  }

  /** Moves frames that are too large for the GPU's textures to main memory, and back. Returns whether it does so now. */
  #changeFor(frame: Frame, session: BackendSession): boolean {
    const { width, height } = displaySize(frame);
    const sidePx = Math.max(width, height);
    const outgrown = this.#outgrown;
    const { maxSidePx } = outgrown ?? session.loaded;
    if (sidePx > maxSidePx === (outgrown !== null)) return false;
    if (outgrown) {
      this.#outgrown = null;
      this.#candidates = outgrown.candidates;
      this.#renderer = outgrown.renderer;
    } else {
      const candidates = this.#candidates.filter((backend) => backend !== 'webgpu');
      // Named, it is not replaced: the worker will say what its limit is.
      if (candidates.length === 0) return false;
      this.#outgrown = { maxSidePx, candidates: this.#candidates, renderer: this.#renderer };
      this.#candidates = candidates;
      this.#renderer = '2d';
    }
    const reason = `A frame has a side of ${sidePx} pixels, and this GPU takes up to ${maxSidePx}.`;
    this.#replace(session, new SegmenterError('out-of-memory', reason));
    return true;
  }

  #replace(session: BackendSession, reason: SegmenterError): void {
    session.terminate(reason);
    this.#restart(reason).catch((failure: unknown) => {
      if (!isAbortError(failure)) this.#live.onFailure?.(toSegmenterError(failure));
    });
  }
}

function modelRequest(
  { model = 'auto', integrity = '', modelOptions }: SegmenterOptions,
  assetBase: string,
): ModelRequest {
  const told = { integrity, options: modelOptions ? copyPlain(modelOptions) : undefined };
  const name = model === 'auto' ? 'selfie' : model;
  if (name === 'selfie' || name === 'selfie-landscape') {
    return { ...locateModel(name, assetBase), ...told };
  }
  try {
    return { url: new URL(model, document.baseURI).href, fileUrl: '', ...told };
  } catch (error) {
    throw new SegmenterError(
      'option-invalid',
      `model="${model}" is neither "auto", "selfie", "selfie-landscape" nor a URL.`,
      { cause: error },
    );
  }
}

/** Frameworks hand over proxies, which cannot be sent. */
function copyPlain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

function absoluteBase({ assetBase = '' }: SegmenterOptions): string {
  return assetBase && new URL(assetBase.replace(/\/?$/, '/'), document.baseURI).href;
}

interface Outgrown {
  readonly maxSidePx: number;
  readonly candidates: readonly Backend[];
  readonly renderer: RendererOption;
}

/** Another backend would meet the same model, though it may know how to run it. */
function isModelError(error: unknown): boolean {
  if (!(error instanceof SegmenterError) || error.code === 'model-unsupported') return false;
  return error.code.startsWith('model-') || error.code === 'option-invalid';
}
