import { PixelCompositor } from '../composite/pixel-compositor.ts';
import { SegmenterError } from '../errors.ts';
import { AreaSampler } from '../preprocess/area-sampler.ts';
import { MaskSampler } from '../postprocess/mask-sampler.ts';
import {
  needsMask,
  type CpuAnswer,
  type EffectOptions,
  type Frame,
  type MaskPixels,
  type MaskReading,
  type ModelOutput,
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
import { FrameReader } from './frame-reader.ts';
import { frameSize } from './frame-size.ts';

type InputPixels = Uint8ClampedArray<ArrayBuffer>;

/**
 * Does in main memory what WebGpuRenderer does on the GPU, for machines that have none, and shows it on a 2D canvas. Pixels
 * and masks stay where the inference workers want them.
 */
export class CanvasRenderer implements Renderer<InputPixels, CpuAnswer, CanvasSurface> {
  readonly kind = '2d';
  readonly #output: ModelOutput;
  readonly #reader = new FrameReader();
  readonly #sampler: AreaSampler;
  readonly #compositor = new PixelCompositor();
  readonly #masks = new MaskSampler();
  #context: Context2D | undefined;

  constructor(model: ModelSpec) {
    this.#output = model.output;
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
    return new CanvasSurface(this.#output);
  }

  async upload(surface: CanvasSurface, frame: Frame): Promise<void> {
    surface.hasMask = false;
    surface.show(await this.#reader.read(frame, surface.pixels));
  }

  preprocess({ pixels, isOpaque }: CanvasSurface): InputPixels {
    return this.#sampler.sample(pixels, isOpaque);
  }

  postprocess(surface: CanvasSurface, output: CpuAnswer): void {
    surface.mask.store(output.mask, output.categories);
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
    context.putImageData(this.#compositor.draw(surface, options), 0, 0);
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
