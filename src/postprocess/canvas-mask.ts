import type { ModelOutput } from '../stage.ts';
import { createContext2D, resizeCanvas, type Context2D } from '../util/canvas-2d.ts';

/** A mask in main memory: as numbers, and as a white canvas whose alpha it is. */
export class CanvasMask {
  /** `[height, width] float32`, row-major, 0..1. */
  readonly values: Float32Array;
  readonly #context: Context2D;
  readonly #image: ImageData;

  constructor({ width, height }: ModelOutput) {
    this.values = new Float32Array(width * height);
    this.#context = createContext2D(width, height);
    this.#image = new ImageData(width, height);
    this.#image.data.fill(255);
  }

  get canvas(): OffscreenCanvas {
    return this.#context.canvas;
  }

  /** Frees the pixels. */
  destroy(): void {
    resizeCanvas(this.#context, 0, 0);
  }

  /** Copies a model's answer. */
  store(answer: Float32Array): void {
    this.values.set(answer);
    const { data } = this.#image;
    const { values } = this;
    // A clamped array rounds and clamps by itself.
    for (let i = 0; i < values.length; i++) data[4 * i + 3] = (values[i] ?? 0) * 255;
    this.#context.putImageData(this.#image, 0, 0);
  }
}
