import { SegmenterError } from '../errors.ts';
import { displaySize } from '../util/display-size.ts';
import { captureStill } from './capture.ts';
import type { FrameSource, Picture, SourceListener } from './frame-source.ts';

/** One picture: an image element, a bitmap, a VideoFrame or an image file. */
export class StillSource implements FrameSource {
  readonly media: HTMLImageElement | null;
  readonly isStill = true;
  readonly isPlaying = false;
  readonly #source: HTMLImageElement | ImageBitmap | VideoFrame | Blob;
  readonly #listening = new AbortController();
  #size = { width: 0, height: 0 };
  #listener: SourceListener | undefined;

  /** Decodes the picture to learn its size. Bitmaps and VideoFrames stay the caller's. */
  static async open(
    source: HTMLImageElement | ImageBitmap | VideoFrame | Blob,
    listener: SourceListener,
  ): Promise<StillSource> {
    const still = new StillSource(source);
    const { frame } = await still.capture();
    frame.close();
    still.#listen(listener);
    return still;
  }

  private constructor(source: HTMLImageElement | ImageBitmap | VideoFrame | Blob) {
    this.#source = source;
    this.media = source instanceof HTMLImageElement ? source : null;
  }

  /** Follows an image element whose `src` the page changes. */
  #listen(listener: SourceListener): void {
    this.#listener = listener;
    const { signal } = this.#listening;
    this.media?.addEventListener('load', () => listener.onPicture(), { signal });
    this.media?.addEventListener(
      'error',
      () => listener.onError(new SegmenterError('source-decode', 'The image could not be loaded.')),
      { signal },
    );
  }

  get width(): number {
    return this.#size.width;
  }

  get height(): number {
    return this.#size.height;
  }

  async capture(): Promise<Picture> {
    const frame = await captureStill(this.#source);
    const { width, height } = this;
    this.#size = displaySize(frame);
    if (width !== this.width || height !== this.height) this.#listener?.onChange();
    return { frame, timestampUs: 0 };
  }

  play(): void {}

  pause(): void {}

  close(): void {
    this.#listening.abort();
  }
}
