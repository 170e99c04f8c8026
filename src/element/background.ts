import { SegmenterError } from '../errors.ts';
import { captureStill, captureFrame } from '../source/capture.ts';
import type { Frame, Rgba } from '../stage.ts';

/** What a background tells. */
export interface BackgroundListener {
  /** There is a new picture; the listener closes it. Null: there is none any more. */
  onPicture(picture: Frame | null): void;
  /** The option is not usable; the last picture stays. */
  onError(error: SegmenterError): void;
}

const videoExtensions = /\.(m4v|mov|mp4|ogv|webm)$/i;

/** What stands behind the person with `effect="replace"`: a colour, an image or a video. */
export class Background {
  readonly #listener: BackgroundListener;
  #value = '';
  #color: Rgba = [0, 0, 0, 0];
  #loading = new AbortController();
  #picture: HTMLImageElement | HTMLVideoElement | undefined;
  #hasNewFrame = false;

  constructor(listener: BackgroundListener) {
    this.#listener = listener;
  }

  /** Straight colour under the picture. */
  get color(): Rgba {
    return this.#color;
  }

  /** Takes a CSS colour or the URL of an image or video; loads it, unless it is there already. */
  set(value: string): void {
    if (value === this.#value) return;
    this.close();
    this.#value = value;
    if (CSS.supports('color', value)) {
      this.#color = parseColor(value);
      this.#listener.onPicture(null);
    } else {
      void this.#load(value, this.#loading.signal);
    }
  }

  /** Sends the picture once more: another worker runs now. */
  async resend(): Promise<void> {
    const picture = this.#picture;
    if (picture) this.#listener.onPicture(await captureStill(picture));
  }

  /** Sends a video's current frame, if that is a new one. To be called before each frame of the source. */
  advance(): void {
    if (!this.#hasNewFrame || !(this.#picture instanceof HTMLVideoElement)) return;
    this.#hasNewFrame = false;
    this.#listener.onPicture(captureFrame(this.#picture, 0));
  }

  /** Stops a video, and forgets all. */
  close(): void {
    this.#loading.abort();
    this.#loading = new AbortController();
    if (this.#picture instanceof HTMLVideoElement) {
      this.#picture.pause();
      this.#picture.removeAttribute('src');
    }
    this.#picture = undefined;
    this.#value = '';
    this.#color = [0, 0, 0, 0];
  }

  async #load(value: string, signal: AbortSignal): Promise<void> {
    try {
      const url = new URL(value, document.baseURI);
      const isVideo = videoExtensions.test(url.pathname);
      const picture = isVideo ? await loadVideo(url) : await loadImage(url);
      const frame = await captureStill(picture);
      if (signal.aborted) {
        frame.close();
        return;
      }
      this.#picture = picture;
      if (picture instanceof HTMLVideoElement) {
        // It is decoration, and the page has no button for it.
        if (matchMedia('(prefers-reduced-motion: reduce)').matches) picture.pause();
        else this.#follow(picture, signal);
      }
      this.#listener.onPicture(frame);
    } catch (error) {
      if (signal.aborted) return;
      this.#value = '';
      this.#listener.onError(
        new SegmenterError(
          'option-invalid',
          `background="${value}" is neither a CSS colour nor an image or video that loads. From another origin the server must send Access-Control-Allow-Origin.`,
          { cause: error },
        ),
      );
    }
  }

  #follow(video: HTMLVideoElement, signal: AbortSignal): void {
    const next = (): void => {
      if (signal.aborted) return;
      this.#hasNewFrame = true;
      video.requestVideoFrameCallback(next);
    };
    next();
  }
}

async function loadImage(url: URL): Promise<HTMLImageElement> {
  const image = new Image();
  image.crossOrigin = 'anonymous';
  image.src = url.href;
  await image.decode();
  return image;
}

async function loadVideo(url: URL): Promise<HTMLVideoElement> {
  const video = document.createElement('video');
  video.crossOrigin = 'anonymous';
  video.muted = true;
  video.loop = true;
  video.playsInline = true;
  video.src = url.href;
  await video.play();
  return video;
}

/** The browser's own parser, by way of one pixel. */
function parseColor(css: string): Rgba {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (!context) return [0, 0, 0, 0];
  context.fillStyle = css;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0, alpha = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red / 255, green / 255, blue / 255, alpha / 255];
}
