import { SegmenterError } from '../errors.ts';
import { captureStill, captureFrame } from '../source/capture.ts';
import type { Frame, Rgba } from '../stage.ts';
import { emptyVideo } from '../util/empty-video.ts';

/** What a background tells. */
export interface BackgroundListener {
  /** There is a new picture; the listener closes it. Null: there is none any more. */
  onPicture(picture: Frame | null): void;
  /** The option is not usable. A picture that was shown stays. */
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
    const color = parseColor(value);
    if (color) {
      this.#color = color;
      this.#listener.onPicture(null);
    } else {
      void this.#load(value, this.#loading.signal);
    }
  }

  /** Sends the picture once more: another worker runs now. */
  async resend(): Promise<void> {
    const picture = this.#picture;
    // A video that seeks has none; the next one is on its way.
    const frame = picture && (await captureStill(picture).catch(() => null));
    if (!frame) return;
    if (picture === this.#picture) this.#listener.onPicture(frame);
    else frame.close();
  }

  /** Sends a video's current frame, if that is a new one. To be called before each frame of the source. */
  advance(): void {
    const picture = this.#picture;
    if (!this.#hasNewFrame || !(picture instanceof HTMLVideoElement)) return;
    if (picture.readyState < picture.HAVE_CURRENT_DATA) return;
    this.#hasNewFrame = false;
    this.#listener.onPicture(captureFrame(picture, 0));
  }

  /** Stops a video, and forgets all. */
  close(): void {
    this.#loading.abort();
    this.#loading = new AbortController();
    letGo(this.#picture);
    this.#picture = undefined;
    this.#value = '';
    this.#color = [0, 0, 0, 0];
  }

  async #load(value: string, signal: AbortSignal): Promise<void> {
    let picture: HTMLImageElement | HTMLVideoElement | undefined;
    try {
      const url = new URL(value, document.baseURI);
      picture = videoExtensions.test(url.pathname) ? await loadVideo(url) : await loadImage(url);
      const frame = await captureStill(picture);
      if (signal.aborted) frame.close();
      signal.throwIfAborted();
      this.#picture = picture;
      if (picture instanceof HTMLVideoElement) {
        // It is decoration, and the page has no button for it.
        if (matchMedia('(prefers-reduced-motion: reduce)').matches) picture.pause();
        else this.#follow(picture, signal);
      }
      this.#listener.onPicture(frame);
    } catch (error) {
      letGo(picture);
      if (signal.aborted) return;
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
  const image = Object.assign(new Image(), { crossOrigin: 'anonymous', src: url.href });
  await image.decode();
  return image;
}

async function loadVideo(url: URL): Promise<HTMLVideoElement> {
  const video = Object.assign(document.createElement('video'), {
    crossOrigin: 'anonymous',
    muted: true,
    loop: true,
    playsInline: true,
    src: url.href,
  });
  await video.play();
  return video;
}

function letGo(picture: HTMLImageElement | HTMLVideoElement | undefined): void {
  if (picture instanceof HTMLVideoElement) emptyVideo(picture);
}

/** The browser's own parser, by way of one pixel. Null: it is no colour, or hangs on an element, as `inherit` and variables do. */
function parseColor(css: string): Rgba | null {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (!context) return null;
  // What is no colour leaves the one before.
  const [first, second] = ['#000', '#fff'].map((before) => {
    context.fillStyle = before;
    context.fillStyle = css;
    return context.fillStyle;
  });
  if (first !== second) return null;
  context.fillRect(0, 0, 1, 1);
  const { data } = context.getImageData(0, 0, 1, 1);
  return Array.from(data, (value) => value / 255) as unknown as Rgba;
}
