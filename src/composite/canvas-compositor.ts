import { needsMask, type EffectOptions, type Rgba } from '../stage.ts';
import { resizeCanvas } from '../util/canvas-2d.ts';
import { CanvasBlur } from './canvas-blur.ts';
import { fitCover } from './fit-cover.ts';

/** What one composite draws from. */
export interface CanvasInputs {
  readonly frame: OffscreenCanvas;
  /** White, with the mask as alpha; null while there is none. */
  readonly mask: OffscreenCanvas | null;
  readonly picture: OffscreenCanvas | null;
}

/** Frame and mask → target, on the 2D canvas; the twin of composite.wgsl. */
export class CanvasCompositor {
  readonly #blur: CanvasBlur;

  constructor(blur = new CanvasBlur()) {
    this.#blur = blur;
  }

  /** Draws nothing at all when the effect needs a mask and there is none. Sizes the target to the frame. */
  draw(
    target: OffscreenCanvasRenderingContext2D,
    { frame, mask, picture }: CanvasInputs,
    options: EffectOptions,
  ): void {
    if (needsMask(options.effect) && !mask) return;
    const { width, height } = frame;
    resizeCanvas(target.canvas, width, height);
    target.globalCompositeOperation = 'copy';
    if (!mask || options.effect === 'none') {
      target.drawImage(frame, 0, 0);
      return;
    }
    target.drawImage(mask, 0, 0, width, height);
    if (options.effect === 'mask') {
      fillBehind(target, [0, 0, 0, 1]);
      return;
    }
    target.globalCompositeOperation = 'source-in';
    target.drawImage(frame, 0, 0);
    if (options.effect === 'blur') {
      drawBehind(target, this.#blur.blur(frame, mask, options.blurRadiusPx));
    }
    if (options.effect === 'replace') {
      if (picture) drawBehind(target, picture);
      fillBehind(target, options.backgroundColor);
    }
  }
}

/** Draws a picture behind what is there, covering the canvas as `object-fit: cover` does. */
function drawBehind(target: OffscreenCanvasRenderingContext2D, picture: OffscreenCanvas): void {
  const { width, height } = target.canvas;
  const part = fitCover(picture, target.canvas);
  target.globalCompositeOperation = 'destination-over';
  target.drawImage(
    picture,
    part.x * picture.width,
    part.y * picture.height,
    part.width * picture.width,
    part.height * picture.height,
    0,
    0,
    width,
    height,
  );
}

function fillBehind(
  target: OffscreenCanvasRenderingContext2D,
  [red, green, blue, alpha]: Rgba,
): void {
  target.globalCompositeOperation = 'destination-over';
  target.fillStyle = `rgb(${red * 255} ${green * 255} ${blue * 255} / ${alpha})`;
  target.fillRect(0, 0, target.canvas.width, target.canvas.height);
}
