import type { LitElement, ReactiveController } from 'lit';
import {
  abortError,
  fromWireError,
  isAbortError,
  SegmenterError,
  toSegmenterError,
} from '../errors.ts';
import type { FrameOutcome, MaskRequest, MatteOptions } from '../protocol/messages.ts';
import type { Prompt } from '../prompts.ts';
import type { Segmenter } from '../segmenter.ts';
import type { FrameSource } from '../source/frame-source.ts';
import type { SourceRequest } from '../source/open-source.ts';
import { needsMask, type Effect, type RendererKind } from '../stage.ts';
import { Background } from './background.ts';
import { CanvasSwapper } from './canvas-swapper.ts';
import { Engine, type EngineOptions } from './engine.ts';
import {
  BackendChangeEvent,
  LoadProgressEvent,
  MaskEvent,
  ReadyEvent,
  SegmenterErrorEvent,
  StateChangeEvent,
  StatsEvent,
  type SegmenterState,
} from './events.ts';
import { FramePump } from './frame-pump.ts';
import { FrameStats, type SegmenterStats } from './frame-stats.ts';
import { pickModel } from './options.ts';
import { isSameSource, SourceHolder } from './source-holder.ts';

/** What the element wants, in one object. */
export interface SessionOptions {
  readonly engine: EngineOptions;
  readonly source: SourceRequest | null;
  readonly autoplay: boolean;
  readonly preload: boolean;
  readonly effect: Effect;
  readonly blurRadiusPx: number;
  readonly background: string;
  readonly mask: MaskRequest | null;
  readonly matte: MatteOptions;
  readonly classes: readonly string[];
  readonly prompts: readonly Prompt[];
  readonly maxFps: number;
}

/** An element that is only moved in the document comes back within this time. */
const moveGraceMs = 200;

/** A call of play() that waits. */
interface PlayCall {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Brings source, segmenter and canvas of one element together, and says how it goes. */
export class SessionController implements ReactiveController {
  readonly #host: LitElement;
  readonly #internals: ElementInternals;
  readonly #engine: Engine;
  readonly #holder: SourceHolder;
  readonly #pump: FramePump;
  readonly #background: Background;
  #stats = new FrameStats();
  readonly #reported = new WeakSet<SegmenterError>();
  #canvas: CanvasSwapper | undefined;
  #options: SessionOptions | undefined;
  #state: SegmenterState = 'idle';
  #error: SegmenterError | null = null;
  #hasShown = false;
  #wantsCamera = false;
  /** pause() was the last word. */
  #isHeld = false;
  /** It is so of the source that the next update brings. */
  #holdsNext = false;
  /** What {@link play} started plays. */
  #hasBegun = false;
  #size = { width: 0, height: 0 };
  #leaving: ReturnType<typeof setTimeout> | undefined;
  /** Once another backend runs: its first frame is there. */
  #shownAgain: Promise<void> = Promise.resolve();
  #tellShown: (() => void) | null = null;
  #waiting: PlayCall[] = [];
  #pauses = 0;

  /** @param host - Renders a `video`, for sources that have none of their own, and `#canvases`. */
  constructor(host: LitElement, internals: ElementInternals) {
    this.#host = host;
    this.#internals = internals;
    host.addController(this);
    this.#background = new Background({
      onPicture: (picture) => {
        const segmenter = this.#engine.segmenter;
        if (segmenter) segmenter.setBackground(picture);
        else picture?.close();
      },
      onError: (error) => this.report(error),
    });
    this.#pump = new FramePump({
      onError: (error) => this.#holder.fail(error),
      onSilence: (error) => this.#engine.segmenter?.giveUpBackend(error),
      onSkip: () => this.#stats.countSkipped(),
      onCapture: (durationMs) => this.#stats.countCapture(durationMs),
    });
    this.#holder = new SourceHolder(() => this.#part('video'), {
      onOpen: (source, request) => this.#onOpen(source, request),
      onPicture: () => {
        this.#background.advance();
        this.#pump.offer();
      },
      onChange: () => this.#onSourceChange(),
      onError: (error) => {
        this.#forgetSource();
        this.#fail(error);
      },
    });
    this.#engine = new Engine({
      onProgress: ({ loaded, total, asset }) =>
        host.dispatchEvent(new LoadProgressEvent(loaded, total, asset)),
      onReady: (segmenter) => this.#onReady(segmenter),
      onFrame: (outcome) => this.#onFrame(outcome),
      onMask: (mask) => host.dispatchEvent(new MaskEvent(mask)),
      onOptionRefused: (error) => this.report(error),
      onRecovered: () => {
        void this.#background.resend();
        this.#pump.reset();
        this.#pump.refresh();
      },
      onBackendChange: (from, to, reason) => {
        host.dispatchEvent(new BackendChangeEvent(from, to, reason.message));
        const segmenter = this.#engine.segmenter;
        if (segmenter) this.#onReady(segmenter);
      },
      onFailure: (error) => this.#failEngine(error),
    });
  }

  get state(): SegmenterState {
    return this.#state;
  }

  get segmenter(): Segmenter | null {
    return this.#engine.segmenter;
  }

  get media(): FrameSource['media'] {
    return this.#holder.source?.media ?? null;
  }

  /** Size of the source, in pixels; 0 before it is known. */
  get size(): { readonly width: number; readonly height: number } {
    return this.#size;
  }

  /** Whether something of this source has been shown. */
  get hasShown(): boolean {
    return this.#hasShown;
  }

  get stats(): SegmenterStats {
    const segmenter = this.#engine.segmenter;
    return this.#stats.read(performance.now(), {
      backend: segmenter?.backend ?? null,
      renderer: (segmenter?.renderer ?? null) as RendererKind | null,
      workers: segmenter?.workers ?? 0,
    });
  }

  hostConnected(): void {
    clearTimeout(this.#leaving);
    // After a release everything is to be applied anew.
    if (!this.#options) this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#leaving = setTimeout(() => this.#release(), moveGraceMs);
  }

  /** Applies what changed. Called after each render, with the canvas container in place. */
  update(options: SessionOptions): void {
    // Lit updates elements out of the document, too.
    if (!this.#options && !this.#host.isConnected) return;
    this.#canvas ??= new CanvasSwapper(this.#part('#canvases'), () => this.#label());
    this.#canvas.relabel();
    const previous = this.#options;
    this.#options = options;
    const causeChanged =
      JSON.stringify(options.engine) !== JSON.stringify(previous?.engine) ||
      !isSameSource(options.source, previous?.source ?? null);
    if (causeChanged) this.#error = null;
    this.#pump.maxFps = options.maxFps;
    this.#updateSource(options);
    this.#holdsNext = false;
    this.#updateEngine(options);
    this.#configure();
    const hides = previous && !needsMask(previous.effect) && needsMask(options.effect);
    // The worker that drew what stands there is gone, or to go: it is not drawn anew.
    if (hides && (!this.#engine.segmenter || this.#tellShown)) this.#canvas.hide();
    this.#updateState();
  }

  /**
   * Opens the source if need be, plays it, and resolves at the state `running`, or at the end of a source that was
   * over before. To be called at once when that is asked for: a pause() from then on calls it off.
   *
   * @param applied - Resolves once {@link update} knows what was set before.
   */
  async play(applied: Promise<void>): Promise<void> {
    const failure = this.#error;
    const pauses = this.#pauses;
    const { isConnected } = this.#host;
    await applied;
    if (this.#pauses !== pauses) throw abortError('pause() was called.');
    const options = this.#options;
    if (!options) {
      throw isConnected ? abortError('The element was removed.') : this.report(notConnectedError());
    }
    // What had failed is tried again; what has failed since then is the answer.
    if (this.#error === failure) this.#error = null;
    this.#isHeld = false;
    this.#wantsCamera = true;
    this.#updateSource(options);
    this.#updateEngine(options);
    this.#updateState();
    this.#throwIfFailed();
    if (!this.#holder.isWanted) throw this.report(nothingToPlayError());
    await new Promise<void>((resolve, reject) => {
      const call = { resolve, reject };
      this.#waiting.push(call);
      this.#playSource(call).catch(reject);
    });
  }

  pause(): void {
    this.#pauses++;
    this.#isHeld = true;
    this.#holdsNext = this.#host.isUpdatePending || !this.#options;
    this.#holder.source?.pause();
    this.#settleWaiting(abortError('pause() was called.'));
  }

  /** Starts the model if need be, and resolves with its segmenter. */
  async ready(): Promise<Segmenter> {
    const options = this.#options;
    if (!options) throw notConnectedError();
    this.#throwIfFailed();
    return this.#engine.start(this.#engineOptions(options));
  }

  /** Encodes what is shown. */
  async snapshot(type: string, quality: number): Promise<Blob> {
    const { started } = await this.ready();
    await started;
    await this.#shownAgain;
    // Another model may have been chosen meanwhile.
    return (await this.ready()).snapshot(type, quality);
  }

  /** The source's current picture, for stills; the caller closes it. */
  async capture(): Promise<VideoFrame | ImageBitmap> {
    const picture = await this.#holder.source?.capture();
    if (picture) return picture.frame;
    throw new SegmenterError(
      'source-decode',
      'The element has no picture yet. Name a source, or wait.',
    );
  }

  /** Fires `void-error`, once for each error, and returns it. */
  report(error: SegmenterError): SegmenterError {
    if (this.#reported.has(error)) return error;
    this.#reported.add(error);
    this.#host.dispatchEvent(new SegmenterErrorEvent(error));
    return error;
  }

  async #playSource(call: PlayCall): Promise<void> {
    let opened: Promise<void>;
    // One source may give way to the next while it opens.
    do await (opened = this.#holder.opened);
    while (opened !== this.#holder.opened);
    const { source } = this.#holder;
    // Who takes it away, or pauses it, settles what waits.
    if (!source || !this.#waiting.includes(call)) return;
    try {
      await source.play();
    } catch (error) {
      throw isAbortError(error) ? error : this.report(explainPlayError(error));
    }
    this.#hasBegun = this.#waiting.includes(call);
    this.#updateState();
  }

  #updateSource({ source, autoplay }: SessionOptions): void {
    // A camera is opened by play() or autoplay only, and not by a play() that was meant for another source.
    if (source?.kind !== 'camera') this.#wantsCamera = false;
    const wanted = source?.kind === 'camera' && !autoplay && !this.#wantsCamera ? null : source;
    const retry = this.#error === null;
    if (this.#holder.wouldChange(wanted, retry)) this.#forgetSource();
    if (this.#holder.wouldChange(wanted, false)) this.#isHeld &&= this.#holdsNext;
    this.#holder.set(wanted, retry);
  }

  async #onOpen(source: FrameSource, request: SourceRequest): Promise<void> {
    this.#onSourceChange();
    if (this.#options) this.#updateEngine(this.#options);
    this.#pump.refresh();
    const startsItself = source.media instanceof HTMLCanvasElement || request.kind === 'camera';
    // A browser that forbids autoplay leaves the source paused, as it does with a <video>.
    if (this.#isHeld) source.pause();
    else if (this.#options?.autoplay || startsItself)
      await Promise.resolve(source.play()).catch(() => {});
    this.#updateState();
  }

  #forgetSource(): void {
    this.#pump.connect(null, this.#engine.segmenter);
    this.#forgetShown();
    this.#stats = new FrameStats();
  }

  #settleShown(): void {
    this.#tellShown?.();
    this.#tellShown = null;
  }

  #forgetShown(): void {
    this.#hasShown = false;
    this.#settleShown();
    this.#engine.segmenter?.clear();
    this.#canvas?.hide();
  }

  #updateEngine(options: SessionOptions): void {
    if (this.#error || (!this.#holder.source && !options.preload)) return;
    // A failure is told by the engine's listener.
    this.#engine.start(this.#engineOptions(options)).catch(() => {});
    this.#pump.connect(this.#holder.source, this.#engine.segmenter);
  }

  #engineOptions({ engine }: SessionOptions): EngineOptions {
    if (engine.model !== 'auto') return engine;
    const { width, height } = this.#size;
    const isStill = this.#holder.source?.isStill ?? false;
    return { ...engine, model: pickModel(width, height, isStill) };
  }

  #onReady(segmenter: Segmenter): void {
    if (this.#hasShown && !this.#tellShown) {
      this.#shownAgain = new Promise((resolve) => (this.#tellShown = resolve));
    }
    const canvas = this.#canvas?.replace();
    if (canvas) segmenter.attachCanvas(canvas);
    this.#pump.connect(this.#holder.source, segmenter);
    this.#pump.reset();
    this.#configure();
    void this.#background.resend();
    this.#host.dispatchEvent(new ReadyEvent(segmenter.model, segmenter.backend));
    this.#pump.refresh();
    this.#updateState();
    this.#host.requestUpdate();
  }

  #configure(): void {
    const options = this.#options;
    if (!options) return;
    if (options.effect === 'replace') this.#background.set(options.background);
    else this.#background.close();
    const segmenter = this.#engine.segmenter;
    segmenter?.configure({
      effect: {
        effect: options.effect,
        blurRadiusPx: options.blurRadiusPx,
        backgroundColor: this.#background.color,
      },
      mask: options.mask,
      matte: options.matte,
      classes: options.classes,
      prompts: options.prompts,
      // Who asks for fewer frames than there could be does not ask for old ones.
      priority: options.maxFps > 0 ? 'latency' : 'throughput',
    });
  }

  #onSourceChange(): void {
    const { width, height } = this.#holder.source ?? { width: 0, height: 0 };
    const hasChanged = width !== this.#size.width || height !== this.#size.height;
    if (hasChanged && width > 0) {
      this.#size = { width, height };
      if (this.#options) this.#updateEngine(this.#options);
      this.#host.requestUpdate();
    }
    this.#updateState();
  }

  #onFrame(outcome: FrameOutcome): void {
    const nowMs = performance.now();
    this.#stats.count(outcome, nowMs);
    this.#pump.settle();
    if (outcome.kind === 'failed') {
      this.#failEngine(toSegmenterError(fromWireError(outcome.error), 'backend-unavailable'));
      return;
    }
    if (outcome.kind === 'dropped' || !this.#holder.source) return;
    this.#settleShown();
    if (!this.#hasShown) {
      this.#hasShown = true;
      this.#host.requestUpdate();
    }
    this.#canvas?.show();
    this.#updateState();
    if (this.#stats.isReportDue(nowMs)) this.#host.dispatchEvent(new StatsEvent(this.stats));
  }

  #failEngine(error: SegmenterError): void {
    this.#engine.stop();
    this.#pump.connect(this.#holder.source, null);
    this.#fail(error);
  }

  #fail(error: SegmenterError): void {
    error.markFatal();
    this.#error = error;
    this.#wantsCamera = false;
    if (this.#options && needsMask(this.#options.effect)) this.#forgetShown();
    this.#hasShown = false;
    this.#settleShown();
    this.#updateState();
    this.report(error);
    this.#settleWaiting(error);
    this.#host.requestUpdate();
  }

  #part(selector: 'video'): HTMLVideoElement;
  #part(selector: string): Element;
  #part(selector: string): Element {
    return this.#host.renderRoot.querySelector(selector) as Element;
  }

  /** What a screen reader is to say of the canvas; empty: it is decoration. */
  #label(): string {
    const { media } = this;
    return (
      this.#host.ariaLabel ?? media?.getAttribute('alt') ?? media?.ariaLabel ?? 'Segmented picture'
    );
  }

  #throwIfFailed(): void {
    if (this.#error) throw this.#error;
  }

  #updateState(): void {
    const previous = this.#state;
    const state = this.#computeState();
    if (state !== previous) {
      this.#state = state;
      this.#internals.states.delete(previous);
      this.#internals.states.add(state);
      this.#host.dispatchEvent(new StateChangeEvent(state, previous));
    }
    const isOver = state === 'paused' && this.#hasBegun;
    const hasEnded = isOver && (this.media as HTMLVideoElement).ended;
    if (state === 'running' || hasEnded) this.#settleWaiting(null);
    else if (isOver || state === 'idle')
      this.#settleWaiting(abortError('The source was paused or taken away.'));
  }

  #computeState(): SegmenterState {
    if (this.#error) return 'failed';
    if (!this.#holder.isWanted) return 'idle';
    if (!this.#holder.source || !this.#engine.segmenter || !this.#hasShown) return 'loading';
    return this.#holder.source.isPlaying || this.#holder.source.isStill ? 'running' : 'paused';
  }

  #settleWaiting(error: unknown): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#hasBegun = false;
    for (const { resolve, reject } of waiting) {
      if (error) reject(error);
      else resolve();
    }
  }

  /** Frees everything: the element has left the document. */
  #release(): void {
    this.#holder.close();
    this.#forgetSource();
    this.#engine.stop();
    this.#pump.connect(null, null);
    this.#background.close();
    this.#canvas?.clear();
    this.#options = undefined;
    this.#error = null;
    this.#wantsCamera = false;
    this.#settleWaiting(abortError('The element was removed.'));
    this.#updateState();
  }
}

function notConnectedError(): SegmenterError {
  return new SegmenterError(
    'option-invalid',
    'Append the element to a document before you call its methods.',
  );
}

function nothingToPlayError(): SegmenterError {
  return new SegmenterError(
    'option-invalid',
    'There is nothing to play. Set src, srcObject or camera, or put a <video>, <img> or <canvas> inside.',
  );
}

function explainPlayError(error: unknown): SegmenterError {
  return new SegmenterError(
    'option-invalid',
    "The browser did not play the source. Before the visitor's first click it plays only without sound: set `muted`, or call play() from a click.",
    { cause: error },
  );
}
