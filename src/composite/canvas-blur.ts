import { create2d, resizeCanvas } from '../util/canvas-2d.ts';

/** With `filter`: sigma of the blur on the smaller canvas, in its pixels. */
const targetSigma = 3;
/** Without: shrinking to a pixel for so many and growing back, both smoothly, blurs about as a sigma of 1. */
const shrinkForSigma = 2;
/** Laying the room on itself so often takes an alpha of 10 % to 99.9 %. */
const doublings = 6;

/**
 * The background blurred without the person, on small 2D canvases; the twin of room.wgsl and blur.wgsl. The person is
 * erased before the blur, so no colour of theirs bleeds into the room; where the erased part blurs in, colours are
 * brought back to full alpha by laying the picture over itself.
 */
export class CanvasBlur {
  readonly #room = create2d(1, 1);
  readonly #blurred = create2d(1, 1);
  readonly #hasFilter: boolean;

  /** @param hasFilter - Whether 2D contexts of this browser have `filter`. Safari's have not. */
  constructor(hasFilter = 'filter' in OffscreenCanvasRenderingContext2D.prototype) {
    this.#hasFilter = hasFilter;
  }

  /**
   * Returns a canvas, smaller than the frame, to be stretched over it. Valid until the next call.
   *
   * @param mask - White, with the mask as alpha, of any size.
   * @param radiusPx - Standard deviation in pixels of the frame.
   */
  blur(frame: OffscreenCanvas, mask: OffscreenCanvas, radiusPx: number): OffscreenCanvas {
    const shrink = Math.max(
      1,
      this.#hasFilter ? radiusPx / targetSigma : radiusPx * shrinkForSigma,
    );
    const width = Math.max(1, Math.round(frame.width / shrink));
    const height = Math.max(1, Math.round(frame.height / shrink));
    const room = this.#prepare(this.#room, width, height);
    room.globalCompositeOperation = 'copy';
    room.drawImage(frame, 0, 0, width, height);
    room.globalCompositeOperation = 'destination-out';
    room.drawImage(mask, 0, 0, width, height);
    const result = this.#hasFilter ? this.#filter(width, height, radiusPx / shrink) : room;
    result.globalCompositeOperation = 'source-over';
    for (let i = 0; i < doublings; i++) result.drawImage(result.canvas, 0, 0);
    return result.canvas;
  }

  #filter(width: number, height: number, sigma: number): OffscreenCanvasRenderingContext2D {
    const blurred = this.#prepare(this.#blurred, width, height);
    blurred.globalCompositeOperation = 'copy';
    blurred.filter = sigma > 0 ? `blur(${sigma}px)` : 'none';
    blurred.drawImage(this.#room.canvas, 0, 0);
    blurred.filter = 'none';
    return blurred;
  }

  #prepare(
    context: OffscreenCanvasRenderingContext2D,
    width: number,
    height: number,
  ): OffscreenCanvasRenderingContext2D {
    resizeCanvas(context.canvas, width, height);
    context.imageSmoothingQuality = 'medium';
    return context;
  }
}
