import { writeAlpha } from '../postprocess/alpha-image.ts';
import type { Frame, ModelOutput, Surface } from '../stage.ts';
import { create2d, resizeCanvas } from '../util/canvas-2d.ts';
import { pictureSize } from '../util/picture-size.ts';

/** A frame and its mask on 2D canvases. */
export class CanvasSurface implements Surface {
  /** float32, 0..1, at the model's output size. */
  readonly values: Float32Array;
  readonly #frame = create2d(1, 1);
  readonly #mask: OffscreenCanvasRenderingContext2D;
  readonly #image: ImageData;
  #hasFrame = false;
  #hasMask = false;

  constructor({ width, height }: ModelOutput) {
    this.values = new Float32Array(width * height);
    this.#mask = create2d(width, height);
    this.#image = new ImageData(width, height);
  }

  get width(): number {
    return this.#hasFrame ? this.#frame.canvas.width : 0;
  }

  get height(): number {
    return this.#hasFrame ? this.#frame.canvas.height : 0;
  }

  get hasMask(): boolean {
    return this.#hasMask;
  }

  get frame(): OffscreenCanvas {
    return this.#frame.canvas;
  }

  /** White, with the mask as alpha; null while there is none. */
  get mask(): OffscreenCanvas | null {
    return this.#hasMask ? this.#mask.canvas : null;
  }

  /** Copies the frame, turned and cropped as it is shown. */
  storeFrame(frame: Frame): void {
    const { width, height } = pictureSize(frame);
    resizeCanvas(this.#frame.canvas, width, height);
    this.#frame.globalCompositeOperation = 'copy';
    this.#frame.drawImage(frame, 0, 0, width, height);
    this.#hasFrame = true;
    this.#hasMask = false;
  }

  storeMask(values: Float32Array): void {
    this.values.set(values);
    writeAlpha(values, this.#image);
    this.#mask.putImageData(this.#image, 0, 0);
    this.#hasMask = true;
  }

  destroy(): void {
    // Lets the pixels go before the garbage collector comes.
    resizeCanvas(this.#frame.canvas, 1, 1);
    this.#hasFrame = false;
    this.#hasMask = false;
  }
}
