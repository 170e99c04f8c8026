import { fromWireError, isAbortError, SegmenterError, toWireError } from '../errors.ts';
import { hasHardwareGl } from '../gl/context.ts';
import { acquireDevice, type GpuDevice } from '../gpu/device.ts';
import { CpuEngine } from '../inference/cpu-engine.ts';
import { promptableError } from '../inference/decoder-plan.ts';
import { GpuEngine } from '../inference/gpu-engine.ts';
import {
  countBytes,
  loadModelFile,
  preloadModelFile,
  type OnProgress,
} from '../inference/model-loader.ts';
import type { OrtRuntime } from '../inference/ort-session.ts';
import { WorkerPool } from '../inference/worker-pool.ts';
import { checkPrompts } from '../pipeline/check-prompts.ts';
import { CanvasRenderer } from '../pipeline/canvas-renderer.ts';
import { FramePipeline } from '../pipeline/frame-pipeline.ts';
import { WebGlRenderer } from '../pipeline/webgl-renderer.ts';
import { WebGpuRenderer } from '../pipeline/webgpu-renderer.ts';
import { selectClasses } from '../postprocess/select-classes.ts';
import { Channel, type Endpoint } from '../protocol/channel.ts';
import type {
  CompiledWasm,
  FrameOutcome,
  LoadedModel,
  NoRequests,
  RenderEvents,
  RendererOption,
  RenderLoadParams,
  RenderNotices,
  RenderRequests,
  RuntimeAssets,
  ViewOptions,
} from '../protocol/messages.ts';
import { RequestServer, Transfer } from '../protocol/request-server.ts';
import type { CpuAnswer, Frame, ModelSpec, Renderer, Surface } from '../stage.ts';
import { collectGarbageSoon } from '../util/collect-garbage.ts';

type PageChannel = Channel<NoRequests, RenderEvents, RenderRequests, RenderNotices>;
/** Which buffers it hands from stage to stage is its own affair. */
type AnyPipeline = Pick<
  FramePipeline<unknown, unknown, Surface>,
  keyof FramePipeline<unknown, unknown, Surface>
>;

/** A renderer for models on the CPU. Which surfaces it draws is its own affair. */
type CpuRenderer = Renderer<Uint8ClampedArray, CpuAnswer>;

/** A second loss within this time means that the GPU will not stay. */
const lossWindowMs = 60_000;

/** A WebGL context that comes back comes back within this time. */
const restoreMs = 3000;

/** The render worker's state: one pipeline, the canvas it presents on, and what it takes to build the pipeline anew. */
export class RenderSession {
  readonly #runtime: OrtRuntime | null;
  readonly #page: PageChannel;
  #takeWasm: (wasm: CompiledWasm) => void = () => {};
  readonly #wasm = new Promise<CompiledWasm>((resolve) => (this.#takeWasm = resolve));
  #pipeline: AnyPipeline | undefined;
  /** The inference workers, if those are what runs the model. */
  #pool: WorkerPool | undefined;
  #model: ModelSpec | undefined;
  /** The choices last refused, so that each is told once. */
  readonly #refused = new Map<'classes' | 'prompts', string>();
  #canvas: OffscreenCanvas | undefined;
  #options: ViewOptions = {
    effect: { effect: 'cutout', blurRadiusPx: 12, backgroundColor: [0, 0, 0, 0] },
    mask: null,
    priority: 'throughput',
    matte: { refine: true, smoothing: 0 },
  };
  #gpu: GpuDevice | undefined;
  #lostAtMs = -Infinity;
  #usesGpu = false;
  /** After a loss: what was to be seen is there again. */
  #shownAgain: Promise<void> = Promise.resolve();
  #tellShown: () => void = () => {};
  #hasShown = false;
  /** Loads and recoveries, one after the other. */
  #queue: Promise<unknown> = Promise.resolve();

  /** @param runtime - ONNX Runtime for backends that run in this worker; null: compositing alone. */
  constructor(endpoint: Endpoint, runtime: OrtRuntime | null) {
    this.#runtime = runtime;
    this.#page = new Channel<NoRequests, RenderEvents, RenderRequests, RenderNotices>(
      endpoint,
      new RequestServer<RenderRequests>({
        load: (params, signal) => this.#enqueue(() => this.#load(params, signal)),
        preload: (model, signal) => preloadModelFile(model, this.#onProgress, signal),
        segment: async ({ frame, mask, classes, prompts }, signal) => {
          const pipeline = await this.#ready();
          const answer = await pipeline.segment(frame, mask, signal, classes, prompts);
          return new Transfer(answer.mask, answer.transfer);
        },
        snapshot: async ({ type, quality }) => {
          const pipeline = await this.#ready();
          await this.#shownAgain;
          return pipeline.snapshot(type, quality);
        },
      }),
      {
        wasm: (wasm) => this.#takeWasm(wasm),
        canvas: ({ canvas }) => {
          this.#canvas = canvas;
          this.#pipeline?.attachCanvas(canvas);
        },
        configure: (options) => {
          this.#options = this.#withKnownChoices(options);
          this.#guard(this.#pipeline?.configure(this.#options));
        },
        frame: ({ frame, timestampUs, capturedAtMs }) => {
          this.#pool?.frameCame();
          if (this.#pipeline) return this.#pipeline.push(frame, timestampUs, capturedAtMs);
          frame.close();
          this.#page.notify('frame', { kind: 'dropped' });
        },
        background: ({ picture }) => {
          if (this.#pipeline) void this.#setBackground(this.#pipeline, picture);
          else picture?.close();
        },
        clear: () => {
          this.#hasShown = false;
          this.#tellShown();
          this.#pipeline?.clear();
        },
        workerAdded: (line) => this.#pool?.add(line),
        workerRefused: (error) => this.#pool?.refuse(fromWireError(error)),
        workerStopped: ({ worker, reason }) => this.#pool?.stop(worker, reason),
      },
    );
    this.#page.notify('hello', null);
  }

  /** What asks while the model loads, or loads again on another GPU, waits. */
  async #ready(): Promise<AnyPipeline> {
    await this.#queue;
    if (this.#pipeline) return this.#pipeline;
    throw new SegmenterError('worker-failed', 'No model is loaded.');
  }

  async #load(params: RenderLoadParams, signal: AbortSignal): Promise<LoadedModel> {
    signal.throwIfAborted();
    await this.#pipeline?.dispose();
    this.#pipeline = undefined;
    this.#pool = undefined;
    this.#usesGpu = params.backend === 'webgpu';
    switch (params.backend) {
      case 'webgpu':
        return this.#loadWebGpu(params, signal);
      case 'webnn':
        return this.#loadWebNn(params, signal);
      case 'wasm':
        return this.#loadPooled(params);
      default:
        return params satisfies never;
    }
  }

  async #loadWebGpu(
    params: RenderLoadParams & { backend: 'webgpu' },
    signal: AbortSignal,
  ): Promise<LoadedModel> {
    const [runtime, gpu, file] = await Promise.all([
      this.#configuredRuntime(params.assets),
      this.#acquireGpu(params),
      loadModelFile(params.model, this.#onProgress, signal),
    ]);
    this.#page.notify('opening', null);
    const { engine, warmUpMs } = await GpuEngine.create(
      runtime,
      gpu.device,
      file,
      params.mustBeFast,
    );
    const { model, backend } = engine;
    const renderer = await WebGpuRenderer.create(
      gpu.device,
      model,
      engine.tensors,
      gpu.adapterName,
    );
    this.#adopt(model, new FramePipeline(renderer, engine, this.#options, this.#listener));
    const { kind, maxSidePx } = renderer;
    return { model, backend, renderer: kind, maxSidePx, warmUpMs, fileBytes: countBytes(file) };
  }

  async #loadWebNn(
    params: RenderLoadParams & { backend: 'webnn' },
    signal: AbortSignal,
  ): Promise<LoadedModel> {
    await assertWebNn();
    const [runtime, file] = await Promise.all([
      this.#configuredRuntime(params.assets),
      loadModelFile(params.model, this.#onProgress, signal),
    ]);
    this.#page.notify('opening', null);
    if (file.decoder) throw promptableError(file.url);
    const { engine, warmUpMs } = await CpuEngine.create(runtime, 'webnn', file);
    const { model, backend } = engine;
    const renderer = this.#createRenderer(model, params.renderer, warmUpMs);
    this.#adopt(model, new FramePipeline(renderer, engine, this.#options, this.#listener));
    const { kind, maxSidePx } = renderer;
    return { model, backend, renderer: kind, maxSidePx, warmUpMs, fileBytes: countBytes(file) };
  }

  async #loadPooled(params: RenderLoadParams & { backend: 'wasm' }): Promise<LoadedModel> {
    const pool = new WorkerPool(params, {
      onWanted: () => this.#page.notify('workerWanted', null),
      onDone: (worker) => this.#page.notify('workerDone', { worker }),
      onResize: () => this.#pipeline?.resize(),
      onFailed: (error) => this.#page.notify('failed', toWireError(error)),
    });
    const { model, warmUpMs } = params.loaded;
    const renderer = this.#createRenderer(model, params.renderer, warmUpMs);
    this.#pool = pool;
    this.#adopt(model, new FramePipeline(renderer, pool.engine, this.#options, this.#listener));
    const { kind, maxSidePx } = renderer;
    return Promise.resolve({ ...params.loaded, renderer: kind, maxSidePx });
  }

  /** For a model that runs on the CPU. */
  #createRenderer(model: ModelSpec, wanted: RendererOption, inferenceMs: number): CpuRenderer {
    if (wanted === '2d' || (wanted === 'auto' && !hasHardwareGl())) {
      return new CanvasRenderer(model, inferenceMs);
    }
    let patience: ReturnType<typeof setTimeout> | undefined;
    const fail = (why: string): void =>
      this.#page.notify('failed', toWireError(new SegmenterError('device-lost', why)));
    return new WebGlRenderer(model, {
      onLost: () => {
        this.#hideUntilShown();
        if (this.#isSecondLoss()) fail('The WebGL context was lost twice within a minute.');
        else patience = setTimeout(() => fail('The WebGL context did not come back.'), restoreMs);
      },
      onRestored: () => {
        clearTimeout(patience);
        this.#pipeline?.clear();
        this.#page.notify('recovered', { reason: 'The WebGL context was lost.' });
      },
    });
  }

  #adopt(model: ModelSpec, pipeline: AnyPipeline): void {
    this.#model = model;
    this.#pipeline = pipeline;
    if (this.#canvas) pipeline.attachCanvas(this.#canvas);
    // Chromium keeps all that it streamed a wasm file through, 40 MB, until then.
    collectGarbageSoon();
  }

  async #acquireGpu(params: RenderLoadParams & { backend: 'webgpu' }): Promise<GpuDevice> {
    if (this.#gpu) return this.#gpu;
    const { powerPreference, mustBeFast } = params;
    const gpu = await acquireDevice({ powerPreference, allowSoftware: !mustBeFast });
    this.#gpu = gpu;
    void gpu.lost.then(({ message }) => this.#recover(gpu, params, message));
    return gpu;
  }

  /**
   * A lost device takes pipelines, buffers and session along, but not this worker: with a new device everything is
   * built again. The page sends frame and background anew.
   */
  async #recover(lost: GpuDevice, params: RenderLoadParams, reason: string): Promise<void> {
    if (this.#gpu !== lost) return;
    this.#gpu = undefined;
    this.#hideUntilShown();
    try {
      if (this.#isSecondLoss()) {
        throw new SegmenterError(
          'device-lost',
          `The GPU was lost twice within a minute. ${reason}`.trimEnd(),
        );
      }
      await this.#enqueue(() => this.#load(params, new AbortController().signal));
      this.#page.notify('recovered', { reason });
    } catch (error) {
      this.#page.notify('failed', toWireError(error, 'device-lost'));
    }
  }

  /** What asks for what is shown waits until it is there again. */
  #hideUntilShown(): void {
    if (this.#hasShown) {
      this.#shownAgain = new Promise((resolve) => (this.#tellShown = resolve));
    }
  }

  /** To be asked once for each loss. */
  #isSecondLoss(): boolean {
    const nowMs = performance.now();
    const isSecond = nowMs - this.#lostAtMs < lossWindowMs;
    this.#lostAtMs = nowMs;
    return isSecond;
  }

  async #configuredRuntime(assets: RuntimeAssets): Promise<OrtRuntime> {
    if (!this.#runtime) throw new SegmenterError('worker-failed', 'This worker only composites.');
    // Threads help neither backend that runs here: their work is not on the CPU.
    this.#runtime.configure(assets, await this.#wasm, 1);
    return this.#runtime;
  }

  /** Only here it is known what there is to choose. What there is not is told, and the last good choice stays. */
  #withKnownChoices(options: ViewOptions): ViewOptions {
    const model = this.#model;
    if (!model) return options;
    const { classes = [], prompts = [] } = options;
    return {
      ...options,
      ...this.#choose('classes', classes, () => selectClasses(classes, null, model.output)),
      ...this.#choose('prompts', prompts, () => checkPrompts(prompts, model)),
    };
  }

  #choose<K extends 'classes' | 'prompts'>(
    name: K,
    wanted: NonNullable<ViewOptions[K]>,
    check: () => void,
  ): Pick<ViewOptions, K> {
    try {
      check();
      this.#refused.delete(name);
      return { [name]: wanted } as Pick<ViewOptions, K>;
    } catch (error) {
      const refused = JSON.stringify(wanted);
      if (refused !== this.#refused.get(name)) {
        this.#page.notify('optionRefused', toWireError(error, 'option-invalid'));
      }
      this.#refused.set(name, refused);
      return { [name]: this.#options[name] ?? [] } as Pick<ViewOptions, K>;
    }
  }

  async #setBackground(pipeline: AnyPipeline, picture: Frame | null): Promise<void> {
    try {
      await pipeline.setBackground(picture);
    } catch (error) {
      if (await this.#isLosingGpu()) return;
      const refusal = new SegmenterError(
        'option-invalid',
        'The picture of background="…" cannot be drawn in this browser. Try it smaller, or as JPEG, PNG or WebP with 8 bits a colour.',
        { cause: error },
      );
      this.#page.notify('optionRefused', toWireError(refusal));
    }
  }

  /** What fails outside a frame or a request is still told. */
  #guard(work: Promise<void> | undefined): void {
    work?.catch(async (error: unknown) => {
      if (isAbortError(error) || (await this.#isLosingGpu())) return;
      this.#page.notify('failed', toWireError(error));
    });
  }

  /** A frame that fails because the GPU is going is only dropped: the recovery will ask for a new one. */
  async #tellFrame(outcome: FrameOutcome): Promise<void> {
    if (outcome.kind === 'shown') {
      this.#hasShown = true;
      this.#tellShown();
    }
    this.#pool?.frameWent(outcome.kind === 'shown');
    const isLost = outcome.kind === 'failed' && (await this.#isLosingGpu());
    this.#page.notify('frame', isLost ? { kind: 'dropped' } : outcome);
  }

  /** Calls on a lost device can fail before `device.lost` resolves. */
  async #isLosingGpu(): Promise<boolean> {
    if (!this.#usesGpu) return false;
    const patience = new Promise<boolean>((resolve) => setTimeout(resolve, 1000, false));
    const lost = this.#gpu?.lost.then(() => true) ?? true;
    return Promise.race([lost, patience]);
  }

  #enqueue<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {});
    return result;
  }

  readonly #onProgress: OnProgress = (progress) => this.#page.notify('progress', progress);

  readonly #listener = {
    onFrame: (outcome: FrameOutcome): void => void this.#tellFrame(outcome),
    onMask: (mask: RenderEvents['mask'], transfer: Transferable[]): void =>
      this.#page.notify('mask', mask, transfer),
  };
}

async function assertWebNn(): Promise<void> {
  const { ml } = navigator as { ml?: { createContext(): Promise<unknown> } };
  try {
    if (!ml) throw new Error('navigator.ml is missing');
    await ml.createContext();
  } catch (error) {
    throw new SegmenterError(
      'backend-unavailable',
      'This browser cannot make a WebNN context. Use backend="auto", "webgpu" or "wasm".',
      { cause: error },
    );
  }
}
