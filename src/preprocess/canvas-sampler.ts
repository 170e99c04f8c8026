import type { ModelInput } from '../stage.ts';
import { create2d } from '../util/canvas-2d.ts';

/** Samples a frame to the model's input size on a 2D canvas; the twin of preprocess.wgsl up to the tensor. */
export class CanvasSampler {
  readonly #context: OffscreenCanvasRenderingContext2D;

  constructor({ width, height }: ModelInput) {
    this.#context = create2d(width, height, { willReadFrequently: true });
    // Averages over what an input pixel covers; the default looks at four pixels only.
    this.#context.imageSmoothingQuality = 'medium';
    this.#context.globalCompositeOperation = 'copy';
  }

  /** Returns RGBA, 8 bit, stretched to the model's input size. */
  sample(frame: OffscreenCanvas): Uint8ClampedArray {
    const { width, height } = this.#context.canvas;
    this.#context.drawImage(frame, 0, 0, width, height);
    return this.#context.getImageData(0, 0, width, height).data;
  }
}
