import { captureFrame } from './capture.ts';
import type { FrameSource, Picture, SourceListener } from './frame-source.ts';

/** A canvas of the page's own, looked at once a display frame: a canvas does not tell when it was drawn to. */
export class CanvasSource implements FrameSource {
  readonly media: HTMLCanvasElement;
  readonly isStill = false;
  readonly #listener: SourceListener;
  #callbackId: number | undefined;
  #width: number;
  #height: number;

  /** Throws `source-tainted`. */
  constructor(canvas: HTMLCanvasElement, listener: SourceListener) {
    this.media = canvas;
    this.#listener = listener;
    this.#width = canvas.width;
    this.#height = canvas.height;
    if (canvas.width > 0 && canvas.height > 0) captureFrame(canvas, 0).close();
  }

  get width(): number {
    return this.media.width;
  }

  get height(): number {
    return this.media.height;
  }

  get isPlaying(): boolean {
    return this.#callbackId !== undefined;
  }

  capture(): Picture | null {
    if (this.width === 0 || this.height === 0) return null;
    const timestampUs = Math.round(performance.now() * 1000);
    return { frame: captureFrame(this.media, timestampUs), timestampUs };
  }

  play(): void {
    if (this.isPlaying) return;
    this.#tick();
    this.#listener.onChange();
  }

  pause(): void {
    if (!this.isPlaying) return;
    this.close();
    this.#listener.onChange();
  }

  close(): void {
    if (this.#callbackId !== undefined) cancelAnimationFrame(this.#callbackId);
    this.#callbackId = undefined;
  }

  #tick(): void {
    this.#callbackId = requestAnimationFrame(() => {
      this.#tick();
      if (this.width !== this.#width || this.height !== this.#height) {
        this.#width = this.width;
        this.#height = this.height;
        this.#listener.onChange();
      }
      this.#listener.onPicture();
    });
  }
}
