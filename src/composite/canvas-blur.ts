import {
  copyStretched,
  createContext2D,
  eraseStretched,
  resizeCanvas,
  type Context2D,
} from '../util/canvas-2d.ts';
import { planBlur } from './blur-plan.ts';

/**
 * Blurs what a mask leaves of a frame, with 2D canvases at reduced size. Alpha carries the weight of the background,
 * so the foreground leaves no halo.
 */
export class CanvasBlur {
  readonly #usesFilter: boolean;
  readonly #background = createContext2D(1, 1);
  readonly #sums = createContext2D(1, 1);
  readonly #extended = createContext2D(1, 1);
  readonly #blurred = createContext2D(1, 1);
  readonly #levels: readonly Context2D[] = [createContext2D(1, 1), createContext2D(1, 1)];

  /** @param usesFilter - Safari has no `filter` on canvases; it blurs by shrinking and growing instead. */
  constructor(usesFilter: boolean) {
    this.#usesFilter = usesFilter;
  }

  /**
   * @param mask - Its alpha is the foreground.
   * @param radiusPx - Standard deviation, in pixels of the frame.
   * @returns Opaque, of any size, to stretch over the frame; transparent only where no background is near. Valid until
   *   the next call.
   */
  blur(frame: OffscreenCanvas, mask: OffscreenCanvas, radiusPx: number): OffscreenCanvas {
    const blurred = this.#usesFilter
      ? this.#blurByFilter(frame, mask, radiusPx)
      : this.#blurByLevels(frame, mask, radiusPx);
    divideByAlpha(blurred);
    return blurred.canvas;
  }

  #blurByFilter(frame: OffscreenCanvas, mask: OffscreenCanvas, radiusPx: number): Context2D {
    const { width, height, sigmaPx } = planBlur(frame.width, frame.height, radiusPx);
    this.#sumBackground(frame, mask, width, height);
    // A filter takes what is outside for transparent; 8 bits of alpha would not survive that at large radii.
    const margin = Math.ceil(3 * sigmaPx);
    extendEdges(this.#extended, this.#sums.canvas, margin);
    resizeCanvas(this.#blurred, width, height);
    this.#blurred.globalCompositeOperation = 'copy';
    this.#blurred.filter = `blur(${sigmaPx}px)`;
    this.#blurred.drawImage(this.#extended.canvas, -margin, -margin);
    this.#blurred.filter = 'none';
    return this.#blurred;
  }

  #blurByLevels(frame: OffscreenCanvas, mask: OffscreenCanvas, radiusPx: number): Context2D {
    const [sigmaOfOne, sigmaOfTwo] = sigmaByLevels;
    const levelCount = radiusPx < sigmaOfTwo ? 1 : 2;
    const factor = Math.max(1, radiusPx / (levelCount === 1 ? sigmaOfOne : sigmaOfTwo));
    const width = Math.max(1, Math.round(frame.width / factor));
    const height = Math.max(1, Math.round(frame.height / factor));
    this.#sumBackground(frame, mask, width, height);
    const levels = this.#levels.slice(0, levelCount);
    let previous = this.#sums;
    for (const [index, level] of levels.entries()) {
      const shrink = 2 ** (index + 1);
      resizeCanvas(level, Math.ceil(width / shrink), Math.ceil(height / shrink));
      copyStretched(level, previous.canvas);
      previous = level;
    }
    for (const level of [this.#sums, ...levels].reverse().slice(1)) {
      copyStretched(level, previous.canvas);
      previous = level;
    }
    return previous;
  }

  /**
   * Shrinks the frame without its foreground. That is erased first, at the size of {@link erasingSize}: a shrunken
   * pixel on the edge has the foreground's colour in it for good.
   */
  #sumBackground(
    frame: OffscreenCanvas,
    mask: OffscreenCanvas,
    width: number,
    height: number,
  ): void {
    resizeCanvas(
      this.#background,
      Math.max(width, erasingSize(frame.width, mask.width)),
      Math.max(height, erasingSize(frame.height, mask.height)),
    );
    shrink(this.#background, frame);
    eraseStretched(this.#background, mask);
    resizeCanvas(this.#sums, width, height);
    shrink(this.#sums, this.#background.canvas);
  }
}

/** Twice as fine as the mask is enough: that has no sharper edge to bleed over. */
function erasingSize(frameSize: number, maskSize: number): number {
  return Math.min(frameSize, 2 * maskSize);
}

/** Costs 0.2 ms more than quality 'low', and does not skip pixels. */
function shrink(target: Context2D, source: OffscreenCanvas): void {
  target.imageSmoothingQuality = 'medium';
  copyStretched(target, source);
  target.imageSmoothingQuality = 'low';
}

/** Copies a picture and repeats its outermost pixels on every side. */
function extendEdges(target: Context2D, picture: OffscreenCanvas, margin: number): void {
  const { width, height } = picture;
  resizeCanvas(target, width + 2 * margin, height + 2 * margin);
  target.clearRect(0, 0, target.canvas.width, target.canvas.height);
  target.globalCompositeOperation = 'source-over';
  // Of each axis: where a part begins in the picture and in the target, and how long it is in each.
  const parts = (size: number): [from: number, length: number, to: number, grown: number][] => [
    [0, 1, 0, margin],
    [0, size, margin, size],
    [size - 1, 1, margin + size, margin],
  ];
  for (const [fromX, lengthX, toX, grownX] of parts(width)) {
    for (const [fromY, lengthY, toY, grownY] of parts(height)) {
      target.drawImage(picture, fromX, fromY, lengthX, lengthY, toX, toY, grownX, grownY);
    }
  }
}

/** Whether 2D canvases can blur by `filter`. */
export function canvasHasFilter(): boolean {
  return 'filter' in OffscreenCanvasRenderingContext2D.prototype;
}

/**
 * Standard deviation, in pixels of the largest level, by how many more levels there are. Variances: 1/4 for shrinking to
 * the largest level and growing from it; one more level 1/4 for shrinking and 3/4 for growing; two 5/4 and 15/4.
 */
const sigmaByLevels = [Math.sqrt(1.25), Math.sqrt(5.25)] as const;

/** Turns sums into means. Reading gives straight colours, which is the division. */
function divideByAlpha(context: Context2D): void {
  const { width, height } = context.canvas;
  const image = context.getImageData(0, 0, width, height);
  const { data } = image;
  for (let i = 3; i < data.length; i += 4) {
    if (data[i] !== 0) data[i] = 255;
  }
  context.putImageData(image, 0, 0);
}
