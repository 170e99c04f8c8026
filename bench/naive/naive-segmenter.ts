/**
 * The baseline: person segmentation as tutorials for ONNX Runtime Web do it, all on the page thread. `drawImage`,
 * `getImageData`, a loop into a tensor, `session.run` with CPU tensors, a loop out of it. Honest code, nothing slowed
 * down: canvases and arrays are made once, small canvases are told that they are read from.
 */
import type * as Ort from 'onnxruntime-web';
import type { ModelInput } from '../../src/stage.ts';
import { drawMasked, type CanvasEffect } from '../peers/canvas-effect.ts';
import type { Backend, Picture } from '../pages/subject.ts';

/** Who mixes person and background: a loop over all pixels, or the 2D canvas from a mask of the model's size. */
export type NaiveComposite = 'pixels' | 'mask';

type OrtModule = typeof Ort;

export interface NaiveOptions {
  /** URL of ONNX Runtime's bundle, beside which its wasm file lies. */
  readonly runtimeUrl: string;
  readonly modelUrl: string;
  readonly input: Pick<ModelInput, 'width' | 'height'>;
  readonly backend: Backend;
}

/** Segments pictures and draws them on a 2D canvas. Takes models of layout NHWC, RGB, range 0..1, one probability out. */
export class NaiveSegmenter {
  readonly #ort: OrtModule;
  readonly #session: Ort.InferenceSession;
  readonly #width: number;
  readonly #height: number;
  readonly #tensor: Float32Array;
  readonly #small = createContext();
  readonly #mask = createContext();
  readonly #full = createContext();
  readonly #blurred = createContext();

  static async create(options: NaiveOptions): Promise<NaiveSegmenter> {
    const ort = (await import(options.runtimeUrl)) as OrtModule;
    const session = await ort.InferenceSession.create(options.modelUrl, {
      executionProviders: [options.backend],
    });
    return new NaiveSegmenter(ort, session, options.input);
  }

  private constructor(
    ort: OrtModule,
    session: Ort.InferenceSession,
    { width, height }: NaiveOptions['input'],
  ) {
    this.#ort = ort;
    this.#session = session;
    this.#width = width;
    this.#height = height;
    this.#tensor = new Float32Array(3 * width * height);
    resize(this.#small.canvas, width, height);
    resize(this.#mask.canvas, width, height);
  }

  async draw(
    picture: Picture,
    width: number,
    height: number,
    target: CanvasRenderingContext2D,
    effect: CanvasEffect,
    composite: NaiveComposite,
  ): Promise<void> {
    const mask = await this.#segment(picture);
    resize(target.canvas, width, height);
    if (composite === 'mask') {
      this.#drawMask(mask);
      drawMasked(target, picture, this.#mask.canvas, effect);
    } else {
      this.#mixPixels(picture, mask, target, effect);
    }
  }

  async #segment(picture: Picture): Promise<Float32Array> {
    const [width, height] = [this.#width, this.#height];
    this.#small.drawImage(picture, 0, 0, width, height);
    const { data } = this.#small.getImageData(0, 0, width, height);
    for (let i = 0; i < width * height; i++) {
      this.#tensor[3 * i] = (data[4 * i] as number) / 255;
      this.#tensor[3 * i + 1] = (data[4 * i + 1] as number) / 255;
      this.#tensor[3 * i + 2] = (data[4 * i + 2] as number) / 255;
    }
    const input = new this.#ort.Tensor('float32', this.#tensor, [1, height, width, 3]);
    const [inputName] = this.#session.inputNames;
    const [outputName] = this.#session.outputNames;
    const outputs = await this.#session.run({ [inputName as string]: input });
    return (outputs[outputName as string] as Ort.Tensor).data as Float32Array;
  }

  #drawMask(mask: Float32Array): void {
    const image = this.#mask.createImageData(this.#width, this.#height);
    for (let i = 0; i < mask.length; i++) image.data[4 * i + 3] = 255 * (mask[i] as number);
    this.#mask.putImageData(image, 0, 0);
  }

  #mixPixels(
    picture: Picture,
    mask: Float32Array,
    target: CanvasRenderingContext2D,
    effect: CanvasEffect,
  ): void {
    const { width, height } = target.canvas;
    resize(this.#full.canvas, width, height);
    this.#full.drawImage(picture, 0, 0, width, height);
    const image = this.#full.getImageData(0, 0, width, height);
    const background = effect === 'blur' ? this.#blur(picture, width, height) : null;
    const { data } = image;
    for (let y = 0; y < height; y++) {
      const row = Math.max(0, ((y + 0.5) * this.#height) / height - 0.5);
      for (let x = 0; x < width; x++) {
        const column = Math.max(0, ((x + 0.5) * this.#width) / width - 0.5);
        const alpha = sample(mask, this.#width, this.#height, column, row);
        const i = 4 * (y * width + x);
        if (!background) {
          data[i + 3] = 255 * alpha;
          continue;
        }
        for (let channel = i; channel < i + 3; channel++) {
          const behind = background[channel] as number;
          data[channel] = behind + alpha * ((data[channel] as number) - behind);
        }
      }
    }
    target.putImageData(image, 0, 0);
  }

  #blur(picture: Picture, width: number, height: number): Uint8ClampedArray {
    resize(this.#blurred.canvas, width, height);
    this.#blurred.filter = 'blur(12px)';
    this.#blurred.drawImage(picture, 0, 0, width, height);
    return this.#blurred.getImageData(0, 0, width, height).data;
  }
}

/** Bilinear. Columns and rows are in pixels of the mask, 0 at the first one's centre. */
function sample(
  mask: Float32Array,
  width: number,
  height: number,
  column: number,
  row: number,
): number {
  const left = Math.floor(column);
  const top = Math.floor(row);
  const right = Math.min(left + 1, width - 1);
  const bottom = Math.min(top + 1, height - 1);
  const at = (x: number, y: number): number => mask[y * width + x] as number;
  const above = at(left, top) + (column - left) * (at(right, top) - at(left, top));
  const below = at(left, bottom) + (column - left) * (at(right, bottom) - at(left, bottom));
  return above + (row - top) * (below - above);
}

function createContext(): CanvasRenderingContext2D {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser has no 2D canvas.');
  return context;
}

/** Setting a size empties a canvas, which takes time. */
function resize(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}
