import type { MaskData } from './protocol/messages.ts';
import type { MaskFormat } from './stage.ts';

/**
 * What the model saw in one frame. The data belong to whoever received the mask; they may be kept.
 */
export class Mask {
  /** Pixels. For `contour` the space of its coordinates. */
  declare readonly width: number;
  /** Pixels. For `contour` the space of its coordinates. */
  declare readonly height: number;
  declare readonly format: MaskFormat;
  /**
   * Row-major, top-left first, `width * height` values. `alpha`: 0 (background) to 255; `float`: 0 to 1;
   * `categories`: index into {@link classes}; with more than two of them that of the likeliest. Undefined for `bitmap` and `contour`.
   */
  declare readonly data: Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer> | undefined;
  /** For `bitmap`: white, with the mask as its alpha. Closed by {@link close}. */
  declare readonly bitmap: ImageBitmap | undefined;
  /**
   * For `contour`: SVG path data of closed polygons around the foreground, as `clip-path: path(…)` and `Path2D` take it, with at most
   * two decimals. Outer rings are clockwise and holes are not, so that both fill rules leave the holes open.
   *
   * Edges are linear where the mask is; vertices that change the contour by less than a quarter of a mask pixel are left out, and rings
   * around less than 4 mask pixels are specks. Where there is nobody, it is a point that clips everything away.
   */
  declare readonly path: string | undefined;
  /**
   * For `contour`: the same rings, the largest first: x and y of each vertex, the last one joined to the first. The first ring is one
   * for `shape-outside: polygon(…)`; where there is nobody, there is none.
   */
  declare readonly points: readonly Float32Array<ArrayBuffer>[] | undefined;
  /** Class names, background first. */
  declare readonly classes: readonly string[];
  /** Media time of the frame, in microseconds. It restarts on a loop; 0 for a picture. */
  declare readonly timestampUs: number;

  /** @internal */
  constructor({ content, ...rest }: MaskData) {
    Object.assign(this, rest, content);
  }

  /** White pixels with the mask as their (straight) alpha. For `categories` every class but the first is opaque. */
  toImageData(): ImageData {
    const image = this.data ? new ImageData(this.width, this.height) : this.#draw();
    const scale = this.format === 'alpha' ? 1 : 255;
    for (let i = 0; i < image.data.length; i += 4) {
      // A canvas forgets the colour of what is transparent.
      image.data.fill(255, i, i + 3);
      if (this.data) image.data[i + 3] = (this.data[i / 4] as number) * scale;
    }
    return image;
  }

  #draw(): ImageData {
    const context = new OffscreenCanvas(this.width, this.height).getContext('2d');
    if (!context) throw new Error('The browser gave no 2D context.');
    if (this.bitmap) context.drawImage(this.bitmap, 0, 0);
    else context.fill(new Path2D(this.path));
    return context.getImageData(0, 0, this.width, this.height);
  }

  /** The same as an ImageBitmap of its own; the caller closes it. */
  toImageBitmap(): Promise<ImageBitmap> {
    return createImageBitmap(this.bitmap ?? this.toImageData());
  }

  /** Frees the bitmap, if there is one. */
  close(): void {
    this.bitmap?.close();
  }
}
