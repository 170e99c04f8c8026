/** MediaPipe's ImageSegmenter on the page thread, as its own samples use it, with the composite of the 2D canvas. */
import type * as Vision from '@mediapipe/tasks-vision';
import type { Picture } from '../pages/subject.ts';
import { drawMasked, type CanvasEffect } from './canvas-effect.ts';

export interface MediaPipeOptions {
  /** URLs of the package's module and of the folder of its wasm files. */
  readonly moduleUrl: string;
  readonly wasmBase: string;
  readonly modelUrl: string;
  readonly delegate: 'CPU' | 'GPU';
}

/** Segments pictures in video mode and draws them on a 2D canvas. */
export class MediaPipeSegmenter {
  readonly #segmenter: Vision.ImageSegmenter;
  readonly #mask: CanvasRenderingContext2D;
  #image: ImageData | undefined;
  #lastTimestampMs = 0;

  static async create(options: MediaPipeOptions): Promise<MediaPipeSegmenter> {
    const { FilesetResolver, ImageSegmenter } = (await import(options.moduleUrl)) as typeof Vision;
    const fileset = await FilesetResolver.forVisionTasks(options.wasmBase);
    const segmenter = await ImageSegmenter.createFromOptions(fileset, {
      baseOptions: { modelAssetPath: options.modelUrl, delegate: options.delegate },
      runningMode: 'VIDEO',
      outputConfidenceMasks: true,
      outputCategoryMask: false,
    });
    return new MediaPipeSegmenter(segmenter);
  }

  private constructor(segmenter: Vision.ImageSegmenter) {
    this.#segmenter = segmenter;
    const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('This browser has no 2D canvas.');
    this.#mask = context;
  }

  draw(
    picture: Picture,
    width: number,
    height: number,
    target: CanvasRenderingContext2D,
    effect: CanvasEffect,
  ): void {
    // Timestamps must rise from call to call.
    this.#lastTimestampMs = Math.max(this.#lastTimestampMs + 1, performance.now());
    this.#segmenter.segmentForVideo(picture, this.#lastTimestampMs, ({ confidenceMasks }) => {
      const [mask] = confidenceMasks ?? [];
      if (!mask) throw new Error('MediaPipe gave no mask.');
      this.#drawMask(mask);
    });
    if (target.canvas.width !== width) target.canvas.width = width;
    if (target.canvas.height !== height) target.canvas.height = height;
    drawMasked(target, picture, this.#mask.canvas, effect);
  }

  #drawMask(mask: Vision.MPMask): void {
    const { width, height } = mask;
    if (this.#image?.width !== width || this.#image.height !== height) {
      this.#mask.canvas.width = width;
      this.#mask.canvas.height = height;
      this.#image = this.#mask.createImageData(width, height);
    }
    const { data } = this.#image;
    const values = mask.getAsFloat32Array();
    for (let i = 0; i < values.length; i++) data[4 * i + 3] = 255 * (values[i] as number);
    this.#mask.putImageData(this.#image, 0, 0);
  }
}
