import { canvasHasFilter } from '../composite/canvas-blur.ts';
import { CanvasCompositor } from '../composite/canvas-compositor.ts';
import { SegmenterError } from '../errors.ts';
import { CanvasSampler } from '../preprocess/canvas-sampler.ts';
import { sampleMask } from '../postprocess/sample-mask.ts';
import {
  needsMask,
  type EffectOptions,
  type Frame,
  type MaskPixels,
  type MaskReading,
  type ModelSpec,
  type Renderer,
} from '../stage.ts';
import {
  copyStretched,
  createContext2D,
  getContext2D,
  resizeCanvas,
  type Context2D,
} from '../util/canvas-2d.ts';
import { CanvasSurface } from './canvas-surface.ts';
import { frameSize } from './frame-size.ts';

type Pixels = Uint8ClampedArray<ArrayBuffer>;

/**
 * Does with 2D canvases what WebGpuRenderer does on the GPU, for machines that have none. Pixels and masks stay in main
 * memory, where the inference workers want them.
 */
export class CanvasRenderer implements Renderer<Pixels, Float32Array, CanvasSurface> {
  readonly kind = '2d';
  readonly #model: ModelSpec;
  readonly #sampler: CanvasSampler;
  readonly #compositor: CanvasCompositor;
  #context: Context2D | undefined;

  /** @param usesFilter - Whether to blur by the `filter` of 2D canvases; default: where there is one. */
  constructor(model: ModelSpec, usesFilter = canvasHasFilter()) {
    this.#model = model;
    this.#sampler = new CanvasSampler(model.input);
    this.#compositor = new CanvasCompositor(usesFilter);
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
    return new CanvasSurface(this.#model.output);
  }

  upload(surface: CanvasSurface, frame: Frame): Promise<void> {
    surface.hasMask = false;
    const { width, height } = frameSize(frame);
    surface.resize(width, height);
    copyStretched(surface.frame, frame);
    return Promise.resolve();
  }

  preprocess(surface: CanvasSurface): Pixels {
    return this.#sampler.sample(surface.frame.canvas);
  }

  postprocess(surface: CanvasSurface, output: Float32Array): void {
    surface.mask.store(output);
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
    return Promise.resolve(sampleMask(surface.mask.values, this.#model.output, reading));
  }

  snapshot(
    surface: CanvasSurface,
    options: EffectOptions,
    type: string,
    quality: number,
  ): Promise<Blob> {
    // A canvas of its own leaves the shown one alone, also when there is nothing to draw.
    const context = createContext2D(surface.width, surface.height);
    if (canDraw(surface, options)) this.#draw(context, surface, options);
    return context.canvas.convertToBlob({ type, quality });
  }

  clear(): void {
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
    this.#compositor.draw(context, surface.frame.canvas, surface.mask.canvas, options);
  }
}

function canDraw(surface: CanvasSurface, { effect }: EffectOptions): boolean {
  return surface.width > 0 && (surface.hasMask || !needsMask(effect));
}

function copyFrame(frame: Frame): OffscreenCanvas {
  const { width, height } = frameSize(frame);
  const copy = createContext2D(width, height);
  copyStretched(copy, frame);
  return copy.canvas;
}
