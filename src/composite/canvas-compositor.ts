import type { EffectOptions, Rgba } from '../stage.ts';
import {
  copyStretched,
  createContext2D,
  eraseStretched,
  resizeCanvas,
  type Context2D,
} from '../util/canvas-2d.ts';
import { CanvasBlur } from './canvas-blur.ts';
import { fitCover, type Size } from './fit-cover.ts';

/**
 * Draws a frame with its mask onto 2D canvases; the twin of the WebGPU passes.
 *
 * Stretching an image over a frame costs as much as everything else together (3.5 of 4 ms at 720p on one core), so
 * each effect does it once.
 */
export class CanvasCompositor {
  readonly #blur: CanvasBlur;
  readonly #layer = createContext2D(1, 1);
  #picture: OffscreenCanvas | null = null;
  /** The picture as it covers frames of the last size. */
  #backdrop: Context2D | null = null;

  /** @param usesFilter - Whether to blur by the `filter` of 2D canvases. */
  constructor(usesFilter: boolean) {
    this.#blur = new CanvasBlur(usesFilter);
  }

  /** @param picture - Kept: not to be drawn to any more. */
  setPicture(picture: OffscreenCanvas | null): void {
    this.#picture = picture;
    this.#backdrop = null;
  }

  /**
   * @param target - As large as the frame.
   * @param mask - White; its alpha is the foreground. Of any size; only `none` does without.
   */
  draw(
    target: Context2D,
    frame: OffscreenCanvas,
    mask: OffscreenCanvas,
    { effect, blurRadiusPx, backgroundColor }: EffectOptions,
  ): void {
    switch (effect) {
      case 'none':
        return copyStretched(target, frame);
      case 'mask':
        copyStretched(target, mask);
        return fillBehind(target, [0, 0, 0, 1]);
      case 'cutout':
        return drawCutout(target, frame, mask);
      case 'blur': {
        const background = this.#blur.blur(frame, mask, blurRadiusPx);
        copyStretched(target, frame);
        return drawOnTop(target, this.#eraseForeground(background, mask));
      }
      case 'replace':
        drawCutout(target, frame, mask);
        if (this.#picture) {
          target.globalCompositeOperation = 'destination-over';
          target.drawImage(this.#coverFrame(this.#picture, frame), 0, 0);
        }
        return fillBehind(target, backgroundColor);
      default:
        return effect satisfies never;
    }
  }

  /** What of `background` is to be laid over a frame: at least as fine as the mask, so that its edge stays. */
  #eraseForeground(background: OffscreenCanvas, mask: OffscreenCanvas): OffscreenCanvas {
    const width = Math.max(background.width, mask.width);
    const height = Math.max(background.height, mask.height);
    resizeCanvas(this.#layer, width, height);
    copyStretched(this.#layer, background);
    eraseStretched(this.#layer, mask);
    return this.#layer.canvas;
  }

  #coverFrame(picture: OffscreenCanvas, { width, height }: Size): OffscreenCanvas {
    const known = this.#backdrop?.canvas;
    if (known?.width === width && known.height === height) return known;
    const backdrop = createContext2D(width, height);
    backdrop.imageSmoothingQuality = 'high';
    const { x, y, width: visibleWidth, height: visibleHeight } = fitCover(picture, backdrop.canvas);
    backdrop.drawImage(picture, x, y, visibleWidth, visibleHeight, 0, 0, width, height);
    this.#backdrop = backdrop;
    return backdrop.canvas;
  }
}

function drawCutout(target: Context2D, frame: OffscreenCanvas, mask: OffscreenCanvas): void {
  copyStretched(target, frame);
  target.globalCompositeOperation = 'destination-in';
  target.drawImage(mask, 0, 0, target.canvas.width, target.canvas.height);
}

/**
 * With `layer` = background * (1 - m), this makes frame * m + background * (1 - m). Where the frame is transparent,
 * so is the result.
 */
function drawOnTop(target: Context2D, layer: OffscreenCanvas): void {
  target.globalCompositeOperation = 'source-atop';
  target.drawImage(layer, 0, 0, target.canvas.width, target.canvas.height);
}

function fillBehind(target: Context2D, [red, green, blue, alpha]: Rgba): void {
  if (alpha === 0) return;
  target.globalCompositeOperation = 'destination-over';
  target.fillStyle = `rgb(${red * 255} ${green * 255} ${blue * 255} / ${alpha})`;
  target.fillRect(0, 0, target.canvas.width, target.canvas.height);
}
