import { PixelCompositor } from '../composite/pixel-compositor.ts';
import { SegmenterError } from '../errors.ts';
import type { PeopleFollower } from '../framing/people-follower.ts';
import { AreaSampler } from '../preprocess/area-sampler.ts';
import { ForegroundColors } from '../postprocess/foreground-colors.ts';
import { copyGuide } from '../postprocess/guide.ts';
import { MaskSampler } from '../postprocess/mask-sampler.ts';
import { MatteMaker } from '../postprocess/matte-maker.ts';
import { RefineBudget } from '../postprocess/refine-budget.ts';
import {
  type CpuAnswer,
  type EffectOptions,
  type Frame,
  type MaskPixels,
  type MaskReading,
  type MaskShaping,
  type ModelSpec,
  type Refinement,
  type Renderer,
  type View,
} from '../stage.ts';
import {
  copyStretched,
  createContext2D,
  getContext2D,
  isTooLarge,
  resizeCanvas,
  type Context2D,
} from '../util/canvas-2d.ts';
import { CanvasSurface } from './canvas-surface.ts';
import { findColorSpace } from './frame-gamut.ts';
import { FrameReader } from './frame-reader.ts';
import { chooseRegion, createFollower, lookAround } from './follow-in-memory.ts';
import { frameSize } from './frame-size.ts';
import { canDraw } from './can-draw.ts';

type InputPixels = Uint8ClampedArray<ArrayBuffer>;

/**
 * Does in main memory what WebGpuRenderer does on the GPU, for machines that have none, and shows it on a 2D canvas. Pixels
 * and masks stay where the inference workers want them.
 */
export class CanvasRenderer implements Renderer<InputPixels, CpuAnswer, CanvasSurface> {
  readonly kind = '2d';
  readonly maxSidePx = Infinity;
  readonly #model: ModelSpec;
  readonly #reader = new FrameReader();
  readonly #sampler: AreaSampler;
  readonly #compositor = new PixelCompositor();
  readonly #masks = new MaskSampler();
  readonly #mattes: MatteMaker;
  /** null for models that see all of every frame. */
  readonly #follower: PeopleFollower | null;
  readonly #colors: ForegroundColors;
  readonly #alpha: Float32Array;
  readonly #budget: RefineBudget;
  #context: Context2D | undefined;

  /** @param inferenceMs - Of one run of the model, for refinement to be measured by. */
  constructor(model: ModelSpec, inferenceMs: number) {
    this.#model = model;
    this.#mattes = new MatteMaker(model.output);
    this.#follower = createFollower(model);
    this.#colors = new ForegroundColors(this.#mattes.filter);
    this.#alpha = new Float32Array(model.output.width * model.output.height);
    this.#budget = new RefineBudget(inferenceMs);
    this.#sampler = new AreaSampler(model.input);
  }

  attachCanvas(canvas: OffscreenCanvas): void {
    const context = getContext2D(canvas);
    if (!context) {
      throw new SegmenterError(
        'unsupported',
        'The canvas is bound to another kind of context already. Attach a new one.',
      );
    }
    this.#context = context;
  }

  createSurface(): CanvasSurface {
    return new CanvasSurface(this.#model.output, this.#mattes.filter);
  }

  async upload(surface: CanvasSurface, frame: Frame): Promise<void> {
    surface.hasMask = false;
    const colorSpace = await findColorSpace(frame);
    surface.show(await this.#reader.read(frame, surface.pixels, colorSpace));
  }

  /** Half the frame's resolution would take more than a quarter of the model's time. */
  get refinement(): Refinement {
    return this.#budget.isOver ? 'off' : 'mask';
  }

  preprocess(surface: CanvasSurface, view: View = 'whole'): InputPixels {
    const { pixels, isOpaque, guide } = surface;
    surface.region = chooseRegion(surface, view, this.#follower);
    const sampled = this.#sampler.sample(pixels, isOpaque, surface.region);
    copyGuide(sampled, this.#model.input, guide, this.#model.output);
    return sampled;
  }

  look(surface: CanvasSurface, { mask }: CpuAnswer, view: 'stream' | 'still'): void {
    lookAround(surface, mask, view, this.#model, this.#follower);
  }

  get isCut(): boolean {
    return this.#mattes.isCut;
  }

  postprocess(surface: CanvasSurface, output: CpuAnswer, { refine, stream }: MaskShaping): void {
    const startMs = performance.now();
    const isRefined = refine && !this.#budget.isOver;
    const { guide, region } = surface;
    const mask = this.#mattes.make(output.mask, guide, { refine: isRefined, stream }, region);
    if (stream) this.#follower?.find(output.mask, region, this.#mattes.isCut);
    if (isRefined) {
      this.#mattes.filter.apply(guide, this.#alpha);
      this.#colors.find();
      surface.setColors(this.#mattes.filter);
      this.#budget.record(performance.now() - startMs);
    }
    surface.mask.store(isRefined ? this.#alpha : mask, output.categories, region);
    surface.isRefined = isRefined;
    surface.hasMask = true;
  }

  composite(surface: CanvasSurface, options: EffectOptions): void {
    if (!this.#context || !canDraw(surface, options)) return;
    this.#draw(this.#context, surface, options);
  }

  setBackground(picture: Frame | null): Promise<void> {
    this.#compositor.setPicture(picture && copyFrame(picture));
    return Promise.resolve();
  }

  readMask(surface: CanvasSurface, reading: MaskReading): Promise<MaskPixels> {
    return Promise.resolve(this.#masks.sample(surface.mask, reading));
  }

  snapshot(
    surface: CanvasSurface,
    options: EffectOptions,
    type: string,
    quality: number,
  ): Promise<Blob> {
    // A canvas of its own leaves the shown one alone, also when there is nothing to draw.
    const { width, height, pixels } = surface;
    const context = createContext2D(width, height, { colorSpace: pixels.colorSpace });
    if (canDraw(surface, options)) this.#draw(context, surface, options);
    return context.canvas.convertToBlob({ type, quality });
  }

  clear(): void {
    this.#mattes.reset();
    this.#follower?.reset();
    const context = this.#context;
    context?.clearRect(0, 0, context.canvas.width, context.canvas.height);
  }

  /** A 2D canvas keeps no queue that one could wait for. */
  finished(): Promise<void> {
    return Promise.resolve();
  }

  dispose(): void {
    this.#compositor.setPicture(null);
    this.#context = undefined;
  }

  #draw(context: Context2D, surface: CanvasSurface, options: EffectOptions): void {
    resizeCanvas(context, surface.width, surface.height);
    context.putImageData(this.#compositor.draw(surface, options), 0, 0);
    if (!isTooLarge(context)) return;
    throw new SegmenterError(
      'out-of-memory',
      `This browser has no canvas of ${surface.width}x${surface.height} pixels. Use a smaller source.`,
    );
  }
}

function copyFrame(frame: Frame): OffscreenCanvas {
  const { width, height } = frameSize(frame);
  const copy = createContext2D(width, height);
  copyStretched(copy, frame);
  return copy.canvas;
}
