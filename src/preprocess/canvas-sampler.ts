import type { ModelInput } from '../stage.ts';
import { copyStretched, createContext2D, type Context2D } from '../util/canvas-2d.ts';

/** Samples frames into a model's input size with a 2D canvas. */
export class CanvasSampler {
  readonly #context: Context2D;

  constructor(input: ModelInput) {
    // Opaque: transparent parts count as black, as they do on the GPU.
    this.#context = createContext2D(input.width, input.height, { alpha: false });
    this.#context.imageSmoothingQuality = 'high';
  }

  /** @returns RGBA, 8 bit, at the model's input size. The caller's. */
  sample(frame: OffscreenCanvas): Uint8ClampedArray<ArrayBuffer> {
    copyStretched(this.#context, frame);
    const { width, height } = this.#context.canvas;
    return this.#context.getImageData(0, 0, width, height).data;
  }
}
