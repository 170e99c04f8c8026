import { abortError, SegmenterError, toWireError } from '../errors.ts';
import { LookAround } from '../framing/look-around.ts';
import { buildMask, planReading, type BuiltMask } from '../postprocess/mask-output.ts';
import { coversSelection, selectClasses } from '../postprocess/select-classes.ts';
import { toLingerMs } from '../postprocess/temporal-filter.ts';
import type { FrameOutcome, MaskData, MaskRequest, ViewOptions } from '../protocol/messages.ts';
import {
  needsMask,
  type ClassSelection,
  type Continuity,
  type Frame,
  type InferenceEngine,
  type MaskFormat,
  type MaskShaping,
  type Refinement,
  type Renderer,
  type Surface,
  type View,
} from '../stage.ts';
import type { Prompt } from '../prompts.ts';
import { sharedNowMs } from '../util/clock.ts';
import { Semaphore } from '../util/semaphore.ts';
import { checkPrompts, scalePrompts } from './check-prompts.ts';
import { frameSize, shrinkToFit } from './frame-size.ts';
import { SceneWatch } from './scene-watch.ts';
import { StageClock } from './stage-clock.ts';

/** What a pipeline reports while frames flow. */
export interface PipelineListener {
  /** Called once for each frame pushed. */
  onFrame(outcome: FrameOutcome): void;
  /** Called after the frame's composite, only while masks are asked for. */
  onMask(mask: MaskData, transfer: Transferable[]): void;
}

interface Job {
  readonly frame: Frame;
  readonly timestampUs: number;
  readonly arrivedAtMs: number;
  /** By `sharedNowMs`. */
  readonly capturedAtMs: number;
  readonly order: number;
}

/** The last frame shown: kept for option changes while paused, and for snapshots. */
interface Shown<S> {
  readonly surface: S;
  readonly timestampUs: number;
  readonly order: number;
  /** By which its mask was made, if it has one. */
  selection: ClassSelection;
  isRefined: boolean;
}

/**
 * Takes a frame through the stages: upload, preprocess, inference, postprocess, composite, and a mask for whoever asked.
 *
 * Back-pressure: one frame waits, and a newer one takes its place. At most `engine.concurrencyFor` frames are worked on, which may change,
 * and the GPU is never more than one frame behind. A frame is composited with its own mask only; while that is on its
 * way, the last composite stays.
 */
export class FramePipeline<Input, Output, S extends Surface> {
  readonly #renderer: Renderer<Input, Output, S>;
  readonly #engine: InferenceEngine<Input, Output>;
  readonly #listener: PipelineListener;
  readonly #permits: Semaphore;
  readonly #freeSurfaces: S[] = [];
  #options: ViewOptions;
  #selection: ClassSelection;
  readonly #lookAround = new LookAround();
  readonly #scenes = new SceneWatch();
  #next: Job | undefined;
  #shown: Shown<S> | undefined;
  #order = 0;
  /** Frames begun before the last `clear` have an order below this and are not shown. */
  #firstOrder = 0;
  #previousFrame: Promise<unknown> = Promise.resolve();
  #latencyMs = 0;
  #isDisposed = false;

  /** Owns renderer and engine from now on. Throws `option-invalid` for classes and prompts that the model does not have. */
  constructor(
    renderer: Renderer<Input, Output, S>,
    engine: InferenceEngine<Input, Output>,
    options: ViewOptions,
    listener: PipelineListener,
  ) {
    this.#renderer = renderer;
    this.#engine = engine;
    this.#options = options;
    this.#selection = this.#select(options);
    this.#listener = listener;
    this.#permits = new Semaphore(engine.concurrencyFor(options.priority));
  }

  /** Takes the engine's `concurrencyFor` anew. */
  resize(): void {
    this.#permits.resize(this.#engine.concurrencyFor(this.#options.priority));
    this.#pump();
  }

  /** Presents on `canvas` from now on, beginning with the last frame. */
  attachCanvas(canvas: OffscreenCanvas): void {
    this.#renderer.attachCanvas(canvas);
    if (this.#shown) this.#renderer.composite(this.#shown.surface, this.#options.effect);
  }

  /**
   * Applies to every composite from now on, and to the last frame at once. Rejects with `option-invalid` for classes and
   * prompts that the model does not have.
   */
  async configure(options: ViewOptions): Promise<void> {
    const wantsNewMask = JSON.stringify(options.mask) !== JSON.stringify(this.#options.mask);
    this.#selection = this.#select(options);
    this.#options = options;
    this.resize();
    const shown = this.#shown;
    if (!shown) return;
    if (!this.#needsInference || shown.surface.hasMask) {
      this.#renderer.composite(shown.surface, options.effect);
    } else if (needsMask(options.effect.effect)) {
      // What was shown bare must go before its mask is there.
      this.#clearRenderer();
    }
    if (!this.#needsInference || this.#hasRightMask(shown)) {
      if (wantsNewMask) await this.#deliverMask(shown);
      return;
    }
    await this.#withPermit(async () => {
      if (this.#shown !== shown) return;
      // A call before this one may have seen to it.
      if (!this.#hasRightMask(shown)) await this.#inferShown(shown);
      if (this.#shown !== shown) return;
      this.#renderer.composite(shown.surface, this.#options.effect);
      await this.#deliverMask(shown);
    });
  }

  /**
   * Hands over the newest frame, which is closed here whatever becomes of it.
   *
   * @param capturedAtMs - By `sharedNowMs`.
   */
  push(frame: Frame, timestampUs: number, capturedAtMs = sharedNowMs()): void {
    const arrivedAtMs = performance.now();
    const job = { frame, timestampUs, arrivedAtMs, capturedAtMs, order: this.#order++ };
    if (this.#isDisposed) {
      this.#drop(job);
      return;
    }
    if (this.#next) this.#drop(this.#next);
    this.#next = job;
    this.#pump();
  }

  /**
   * Segments one picture outside the stream. Closes `frame`. Rejects with `option-invalid` for classes and prompts that the
   * model does not have.
   */
  async segment(
    frame: Frame,
    request: MaskRequest,
    signal: AbortSignal,
    classes: readonly string[] = [],
    prompts: readonly Prompt[] = [],
  ): Promise<BuiltMask> {
    try {
      const all = this.#choose(classes, prompts, request.format);
      return await this.#withPermit(async () => {
        signal.throwIfAborted();
        const surface = this.#renderer.createSurface();
        const size = frameSize(frame);
        const shrunk = await shrinkToFit(frame, this.#renderer.maxSidePx);
        try {
          await this.#renderer.upload(surface, shrunk ?? frame);
          const selection = aim(all, size, surface);
          await this.#infer(surface, null, selection, () => this.#shapingOf(null, selection));
          signal.throwIfAborted();
          const timestampUs = 'timestamp' in frame ? frame.timestamp : 0;
          return await this.#readMask(surface, request, timestampUs, selection, size);
        } finally {
          shrunk?.close();
          surface.destroy();
        }
      });
    } finally {
      frame.close();
    }
  }

  /** Composites the last frame again and encodes it. Rejects with `unsupported` if there is none. */
  snapshot(type: string, quality: number): Promise<Blob> {
    return this.#withPermit(async () => {
      let shown = this.#requireShown();
      while (needsMask(this.#options.effect.effect) && !shown.surface.hasMask) {
        await this.#inferShown(shown);
        // A newer frame may have come meanwhile.
        shown = this.#requireShown();
      }
      assertEncodable(shown.surface, type);
      return this.#renderer.snapshot(shown.surface, this.#options.effect, type, quality);
    });
  }

  /** Sets the picture for `replace` and closes it. */
  async setBackground(picture: Frame | null): Promise<void> {
    try {
      await this.#renderer.setBackground(picture);
    } finally {
      picture?.close();
    }
    if (this.#shown) this.#renderer.composite(this.#shown.surface, this.#options.effect);
  }

  /** Makes the canvas transparent. Frames on their way are dropped, the last one is forgotten. */
  clear(): void {
    this.#clearRenderer();
    this.#scenes.reset();
    this.#firstOrder = this.#order;
    if (this.#shown) this.#freeSurfaces.push(this.#shown.surface);
    this.#shown = undefined;
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    if (this.#next) this.#drop(this.#next);
    this.#next = undefined;
    // Runs that have begun hold a permit; a session must not be released under them.
    for (let i = 0; i < this.#permits.permits; i++) await this.#permits.acquire();
    this.clear();
    for (const surface of this.#freeSurfaces) surface.destroy();
    this.#renderer.dispose();
    await this.#engine.dispose();
  }

  /** It forgets whom it follows, so they are looked for anew. */
  #clearRenderer(): void {
    this.#renderer.clear();
    this.#lookAround.reset();
  }

  #requireShown(): Shown<S> {
    if (this.#shown) return this.#shown;
    throw new SegmenterError(
      'unsupported',
      'Nothing has been shown yet. Call toBlob() after the first frame: wait for a void-state-change to "running".',
    );
  }

  get #needsInference(): boolean {
    return needsMask(this.#options.effect.effect) || this.#options.mask !== null;
  }

  #pump(): void {
    while (this.#next && !this.#isDisposed && this.#permits.tryAcquire()) {
      const job = this.#next;
      this.#next = undefined;
      void this.#show(job)
        .then((outcome) => this.#listener.onFrame(outcome))
        .finally(() => {
          this.#permits.release();
          this.#pump();
        });
    }
  }

  async #show({
    frame,
    timestampUs,
    arrivedAtMs,
    capturedAtMs,
    order,
  }: Job): Promise<FrameOutcome> {
    const surface = this.#freeSurfaces.pop() ?? this.#renderer.createSurface();
    const clock = new StageClock();
    try {
      try {
        await this.#renderer.upload(surface, frame);
      } finally {
        frame.close();
      }
      clock.end('uploadMs');
      const isStale = (): boolean => order < Math.max(this.#firstOrder, this.#shown?.order ?? 0);
      let selection = this.#selection;
      let isRefined = false;
      const shape = (): MaskShaping | null => {
        if (isStale()) return null;
        const shaping = this.#shapingOf(timestampUs, selection);
        isRefined = shaping.refine;
        return shaping;
      };
      if (this.#needsInference && !isStale()) {
        await this.#infer(surface, timestampUs, selection, shape, clock);
      }
      // Other classes may have been chosen meanwhile.
      while (surface.hasMask && !coversSelection(selection, this.#selection)) {
        selection = this.#selection;
        await this.#infer(surface, timestampUs, selection, shape, clock);
      }
      const lacksMask = needsMask(this.#options.effect.effect) && !surface.hasMask;
      if (isStale() || lacksMask) {
        this.#freeSurfaces.push(surface);
        return { kind: 'dropped' };
      }
      this.#renderer.composite(surface, this.#options.effect);
      clock.end('compositeMs');
      if (this.#shown) this.#freeSurfaces.push(this.#shown.surface);
      const shown = { surface, timestampUs, order, selection, isRefined };
      this.#shown = shown;
      const totalMs = performance.now() - arrivedAtMs;
      const thisFrame = Promise.all([
        this.#renderer.finished().then(() => {
          this.#latencyMs = sharedNowMs() - capturedAtMs;
        }),
        this.#deliverMask(shown),
      ]);
      // A failure is told by the next frame; until then it is nobody's unhandled rejection.
      thisFrame.catch(() => {});
      const previousFrame = this.#previousFrame;
      this.#previousFrame = thisFrame;
      await previousFrame;
      const { width, height } = surface;
      const latencyMs = this.#latencyMs;
      const stages = clock.times;
      const refinement = this.#refinement;
      return { kind: 'shown', width, height, timestampUs, totalMs, stages, latencyMs, refinement };
    } catch (error) {
      if (this.#shown?.surface !== surface) surface.destroy();
      if (isPassing(error)) return { kind: 'dropped' };
      if (needsMask(this.#options.effect.effect)) this.#clearRenderer();
      return { kind: 'failed', error: toWireError(error, 'backend-unavailable') };
    }
  }

  get #refinement(): Refinement {
    return this.#options.matte.refine ? this.#renderer.refinement : 'off';
  }

  /** @param timestampUs - Of a frame of the stream; null: of a picture by itself. */
  #shapingOf(timestampUs: number | null, selection: ClassSelection): MaskShaping {
    const { refine, smoothing } = this.#options.matte;
    const lingerMs = toLingerMs(smoothing);
    return { selection, refine, stream: timestampUs === null ? null : { lingerMs, timestampUs } };
  }

  /**
   * The caller holds a permit and the surface.
   *
   * @param timestampUs - Of a frame of the stream; null: of a picture by itself.
   * @param shape - Asked when the answer is there; null: it came too late for anything.
   * @param isHeld - Asked between two runs: whether the surface has that frame still. Always, unless it may be taken for another.
   */
  async #infer(
    surface: S,
    timestampUs: number | null,
    selection: ClassSelection,
    shape: () => MaskShaping | null,
    clock = new StageClock(),
    isHeld = (): boolean => true,
  ): Promise<void> {
    const view = timestampUs === null ? 'still' : 'stream';
    const isFollowing = this.#engine.model.framing === 'people';
    const mustLook = timestampUs === null || this.#lookAround.isDue(timestampUs, surface);
    if (isFollowing && mustLook) {
      const whole = await this.#run(surface, 'whole', selection, 'alone', clock);
      if (!isHeld()) return;
      this.#renderer.look(surface, whole, view, selection);
    }
    const continuity = timestampUs === null ? 'alone' : this.#scenes.place(timestampUs, surface);
    const output = await this.#run(surface, view, selection, continuity, clock);
    const shaping = shape();
    if (shaping) this.#renderer.postprocess(surface, output, shaping);
    if (shaping?.stream && this.#renderer.isCut) this.#scenes.reset();
    clock.end('postprocessMs');
  }

  async #run(
    surface: S,
    view: View,
    selection: ClassSelection,
    continuity: Continuity,
    clock: StageClock,
  ): Promise<Output> {
    const sampled = this.#renderer.preprocess(surface, view);
    // Not a task later if it need not be: the next frame may be sampled to the same place.
    const input = sampled instanceof Promise ? await sampled : sampled;
    clock.end('preprocessMs');
    const aimed = aim(selection, surface, this.#engine.model.input);
    const output = await this.#engine.run(input, aimed, continuity);
    clock.end('inferenceMs');
    return output;
  }

  /** Gives the last frame a mask, unless another frame has its surface by the time the mask is there. */
  async #inferShown(shown: Shown<S>): Promise<void> {
    const selection = this.#selection;
    const isHeld = (): boolean => this.#shown === shown;
    const shape = (): MaskShaping | null => (isHeld() ? this.#shapingOf(null, selection) : null);
    await this.#infer(shown.surface, null, selection, shape, new StageClock(), isHeld);
    if (!isHeld()) return;
    shown.selection = selection;
    shown.isRefined = this.#options.matte.refine;
  }

  /** The same object as before where nothing has changed. */
  #select({ classes = [], prompts = [], mask }: ViewOptions): ClassSelection {
    const selection = this.#choose(classes, prompts, mask?.format ?? null);
    return JSON.stringify(selection) === JSON.stringify(this.#selection)
      ? this.#selection
      : selection;
  }

  #choose(
    classes: readonly string[],
    prompts: readonly Prompt[],
    format: MaskFormat | null,
  ): ClassSelection {
    const { model } = this.#engine;
    const selection = selectClasses(classes, format, model.output);
    return model.isPromptable || prompts.length > 0
      ? { ...selection, prompts: checkPrompts(prompts, model) }
      : selection;
  }

  #hasRightMask({ surface, selection, isRefined }: Shown<S>): boolean {
    return (
      surface.hasMask &&
      isRefined === this.#options.matte.refine &&
      coversSelection(selection, this.#selection)
    );
  }

  /** Copies the surface's mask before it returns its promise, so that the surface may be used again at once. */
  async #deliverMask(shown: Shown<S>): Promise<void> {
    const request = this.#options.mask;
    // Another one is on its way if other classes were chosen meanwhile.
    if (!request || !this.#hasRightMask(shown)) return;
    const { surface, timestampUs } = shown;
    const { mask, transfer } = await this.#readMask(surface, request, timestampUs, this.#selection);
    if (this.#options.mask) this.#listener.onMask(mask, transfer);
  }

  async #readMask(
    surface: S,
    request: MaskRequest,
    timestampUs: number,
    { hasCategories }: ClassSelection,
    // The surface may have another frame by the time its mask is read.
    size = { width: surface.width, height: surface.height },
  ): Promise<BuiltMask> {
    const { output } = this.#engine.model;
    const reading = planReading(request, output, size, hasCategories);
    const pixels = await this.#renderer.readMask(surface, reading);
    return buildMask(pixels, size, request, output, timestampUs);
  }

  #drop(job: Job): void {
    job.frame.close();
    this.#listener.onFrame({ kind: 'dropped' });
  }

  async #withPermit<T>(work: () => Promise<T>): Promise<T> {
    await this.#permits.acquire();
    try {
      if (this.#isDisposed) {
        throw abortError('The model was replaced.');
      }
      return await work();
    } finally {
      this.#permits.release();
      this.#pump();
    }
  }
}

/** The selection for a picture of another size. */
function aim(
  selection: ClassSelection,
  from: { readonly width: number; readonly height: number },
  to: { readonly width: number; readonly height: number },
): ClassSelection {
  const { prompts = [] } = selection;
  if (prompts.length === 0) return selection;
  return { ...selection, prompts: scalePrompts(prompts, from, to) };
}

/** Chromium cuts off what WebP has no room for (RFC 9649, section 2.5), without a word. */
function assertEncodable({ width, height }: Surface, type: string): void {
  if (type !== 'image/webp' || Math.max(width, height) <= 16383) return;
  throw new SegmenterError(
    'option-invalid',
    `WebP has no room for ${width}x${height} pixels. Call toBlob("image/png") or toBlob("image/jpeg").`,
  );
}

/** Engine and renderer go on with other workers or another context, or tell that they cannot. */
function isPassing(error: unknown): boolean {
  return (
    error instanceof SegmenterError &&
    (error.code === 'worker-failed' || error.code === 'device-lost')
  );
}
