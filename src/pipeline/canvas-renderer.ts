import { CanvasCompositor } from '../composite/canvas-compositor.ts';
import { CanvasSampler } from '../preprocess/canvas-sampler.ts';
import type { EffectOptions, Frame, ModelSpec, Renderer } from '../stage.ts';
import { context2d, create2d, resizeCanvas } from '../util/canvas-2d.ts';
import { pictureSize } from '../util/picture-size.ts';
import { CanvasSurface } from './canvas-surface.ts';

/**
 * Draws on the 2D canvas, for machines without a GPU of use. `Input` is RGBA at the model's input size, `Output`
 * float32 probabilities at its output size.
 */
export class CanvasRenderer implements Renderer<Uint8ClampedArray, Float32Array, CanvasSurface> {
  readonly kind = '2d';
  readonly #model: ModelSpec;
  readonly #sampler: CanvasSampler;
  readonly #compositor: CanvasCompositor;
  #target: OffscreenCanvasRenderingContext2D | undefined;
  #picture: OffscreenCanvasRenderingContext2D | undefined;

  constructor(model: ModelSpec, compositor = new CanvasCompositor()) {
    this.#model = model;
    this.#sampler = new CanvasSampler(model.input);
    this.#compositor = compositor;
  }

  attachCanvas(canvas: OffscreenCanvas): void {
    this.#target = context2d(canvas);
  }

  createSurface(): CanvasSurface {
    return new CanvasSurface(this.#model.output);
  }

  upload(surface: CanvasSurface, frame: Frame): Promise<void> {
    surface.storeFrame(frame);
    return Promise.resolve();
  }

  preprocess(surface: CanvasSurface): Uint8ClampedArray {
    return this.#sampler.sample(surface.frame);
  }

  postprocess(surface: CanvasSurface, output: Float32Array): void {
    surface.storeMask(output);
  }

  composite(surface: CanvasSurface, options: EffectOptions): void {
    if (this.#target) this.#draw(this.#target, surface, options);
  }

  setBackground(picture: Frame | null): Promise<void> {
    if (picture) {
      const { width, height } = pictureSize(picture);
      this.#picture ??= create2d(width, height);
      resizeCanvas(this.#picture.canvas, width, height);
      this.#picture.globalCompositeOperation = 'copy';
      this.#picture.drawImage(picture, 0, 0, width, height);
    } else {
      this.#picture = undefined;
    }
    return Promise.resolve();
  }

  readMask(surface: CanvasSurface, target: Float32Array): Promise<void> {
    target.set(surface.values);
    return Promise.resolve();
  }

  snapshot(
    surface: CanvasSurface,
    options: EffectOptions,
    type: string,
    quality: number,
  ): Promise<Blob> {
    const target = this.#target ?? create2d(1, 1);
    this.#draw(target, surface, options);
    return target.canvas.convertToBlob({ type, quality });
  }

  clear(): void {
    this.#target?.clearRect(0, 0, this.#target.canvas.width, this.#target.canvas.height);
  }

  finished(): Promise<void> {
    return Promise.resolve();
  }

  dispose(): void {
    this.#picture = undefined;
  }

  #draw(
    target: OffscreenCanvasRenderingContext2D,
    { frame, mask }: CanvasSurface,
    options: EffectOptions,
  ): void {
    const picture = this.#picture?.canvas ?? null;
    this.#compositor.draw(target, { frame, mask, picture }, options);
  }
}
