import { Pixels } from '../composite/pixels.ts';
import { isOpaqueFormat } from '../gpu/upload-path.ts';
import type { Frame } from '../stage.ts';
import { copiesAsRgba } from '../util/browser.ts';
import { copyStretched, createContext2D, resizeCanvas, type Context2D } from '../util/canvas-2d.ts';
import { frameSize } from './frame-size.ts';

type Like = Parameters<Pixels['isLike']>[0];

/** What a frame holds, in main memory. */
export interface FramePixels {
  readonly pixels: Pixels;
  /** Whether no pixel can be transparent. */
  readonly isOpaque: boolean;
}

/** More than a video has. */
const mostKeptPixels = 4096 * 2304;

/** VideoFrame with what the DOM types do not know yet. */
type TurnableFrame = VideoFrame & { readonly rotation?: number; readonly flip?: boolean };

/**
 * Reads frames as they are displayed: cropped, rotated, with square pixels, in the colour space wanted.
 *
 * `copyTo` takes 0.9 ms at 720p on one core, drawing to a canvas 12.5, after which Chromium keeps every drawn frame in a cache
 * of several hundred megabytes. It knows no rotation and no stretching, and some browsers cannot convert.
 */
export class FrameReader {
  #context: Context2D | undefined;
  /** The context's, once and for all. */
  #colorSpace: PredefinedColorSpace = 'srgb';
  /** Of which `copyTo` turned out to be impossible. */
  readonly #refused = new Set<string>();

  /**
   * @param room - Written to if it is like the frame.
   * @returns `room`, or new pixels. The caller closes the frame.
   */
  async read(
    frame: Frame,
    room: Pixels,
    colorSpace: PredefinedColorSpace = 'srgb',
  ): Promise<FramePixels> {
    const like = { ...frameSize(frame), colorSpace };
    if (!(frame instanceof VideoFrame)) return { pixels: this.#draw(frame, like), isOpaque: false };
    const isOpaque = isOpaqueFormat(frame.format);
    const isRefused =
      this.#refused.has(String(frame.format)) || !(await copiesAsRgba(frame.format));
    if (isStoredAsDisplayed(frame) && !isRefused) {
      const pixels = room.isLike(like) ? room : Pixels.create(like.width, like.height, colorSpace);
      try {
        await frame.copyTo(pixels.image.data, { format: 'RGBA', colorSpace });
        return { pixels, isOpaque };
      } catch {
        this.#refused.add(String(frame.format));
      }
    }
    return { pixels: this.#draw(frame, like), isOpaque };
  }

  #draw(frame: Frame, { width, height, colorSpace }: Like): Pixels {
    if (this.#colorSpace !== colorSpace) this.#context = undefined;
    this.#colorSpace = colorSpace;
    this.#context ??= createContext2D(1, 1, { colorSpace });
    resizeCanvas(this.#context, width, height);
    copyStretched(this.#context, frame);
    const pixels = new Pixels(this.#context.getImageData(0, 0, width, height));
    // A canvas is kept for the next frame, not for a photo's sake.
    if (width * height > mostKeptPixels) resizeCanvas(this.#context, 1, 1);
    return pixels;
  }
}

function isStoredAsDisplayed(frame: TurnableFrame): boolean {
  const { visibleRect, displayWidth, displayHeight, rotation = 0, flip = false } = frame;
  return (
    rotation === 0 &&
    !flip &&
    visibleRect?.width === displayWidth &&
    visibleRect.height === displayHeight
  );
}
