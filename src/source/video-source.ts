import { SegmenterError } from '../errors.ts';
import { captureFrame } from './capture.ts';
import type { FrameSource, Picture, SourceListener } from './frame-source.ts';

/** Frames of a `<video>`, as the compositor presents them. */
export class VideoSource implements FrameSource {
  readonly media: HTMLVideoElement;
  readonly isStill = false;
  readonly #listener: SourceListener;
  readonly #end: AbortController;
  #callbackId = 0;
  #timestampUs = 0;

  /**
   * Waits for the first picture.
   *
   * @param release - Called once by `close`: stops the camera, empties the element's own video.
   */
  static async open(
    video: HTMLVideoElement,
    listener: SourceListener,
    release: () => void,
    signal: AbortSignal,
  ): Promise<VideoSource> {
    const end = new AbortController();
    end.signal.addEventListener('abort', release);
    // At once, not when the promise below gets its turn: the next source may want the same video.
    signal.addEventListener('abort', () => end.abort());
    try {
      await firstPicture(video, signal);
      return new VideoSource(video, listener, end);
    } catch (error) {
      end.abort();
      throw error;
    }
  }

  private constructor(video: HTMLVideoElement, listener: SourceListener, end: AbortController) {
    this.media = video;
    this.#listener = listener;
    this.#end = end;
    const { signal } = end;
    for (const type of ['playing', 'pause', 'ended', 'resize'] as const) {
      video.addEventListener(type, () => listener.onChange(), { signal });
    }
    video.addEventListener('error', () => listener.onError(explainMediaError(video)), { signal });
    // A seek while paused presents a frame, but not in every browser by a video frame callback.
    video.addEventListener('seeked', () => this.#onPicture(video.currentTime), { signal });
    this.#timestampUs = video.currentTime * 1e6;
    this.#awaitFrame();
  }

  get width(): number {
    return this.media.videoWidth;
  }

  get height(): number {
    return this.media.videoHeight;
  }

  get isPlaying(): boolean {
    return !this.media.paused && !this.media.ended;
  }

  capture(): Picture | null {
    const { media } = this;
    if (!hasPicture(media)) return null;
    const timestampUs = Math.round(this.#timestampUs);
    return { frame: captureFrame(media, timestampUs), timestampUs };
  }

  play(): Promise<void> {
    return this.media.play();
  }

  pause(): void {
    this.media.pause();
  }

  close(): void {
    this.media.cancelVideoFrameCallback(this.#callbackId);
    this.#end.abort();
  }

  #awaitFrame(): void {
    this.#callbackId = this.media.requestVideoFrameCallback((_, { mediaTime }) => {
      this.#awaitFrame();
      this.#onPicture(mediaTime);
    });
  }

  #onPicture(mediaTime: number): void {
    this.#timestampUs = mediaTime * 1e6;
    this.#listener.onPicture();
  }
}

/** Waits for data, not for metadata: a picture can be captured then. */
async function firstPicture(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (video.error) throw explainMediaError(video);
  if (hasPicture(video)) return;
  // `preload` other than `auto` may stop at the metadata.
  if (video.preload !== 'auto') video.preload = 'auto';
  const done = new AbortController();
  const options = { signal: done.signal };
  const answer = new Promise<void>((resolve, reject: (reason: Error) => void) => {
    const onData = (): void => {
      if (hasPicture(video)) resolve();
    };
    video.addEventListener('resize', onData, options);
    // WebKitGTK can have data before it knows how large the picture is.
    const onLoaded = (): void => {
      onData();
      setTimeout(() => reject(noPictureError()), 1000);
    };
    video.addEventListener('loadeddata', onLoaded, options);
    const onError = (): void => {
      if (!video.error && video.networkState !== video.NETWORK_NO_SOURCE) return;
      reject(explainMediaError(video));
    };
    // Errors of a <source> do not bubble to the video, and the next <source> may be good.
    video.addEventListener('error', () => setTimeout(onError), { ...options, capture: true });
    signal.addEventListener('abort', () => reject(signal.reason as Error), options);
  });
  await answer.finally(() => done.abort());
}

function hasPicture(video: HTMLVideoElement): boolean {
  return video.readyState >= video.HAVE_CURRENT_DATA && video.videoWidth > 0;
}

function noPictureError(): SegmenterError {
  return new SegmenterError('source-decode', 'The source has sound but no picture.');
}

function explainMediaError({ error, currentSrc, src }: HTMLVideoElement): SegmenterError {
  const reason = error?.message ? ` (${error.message})` : '';
  const url = currentSrc || src;
  const what = /^(blob:|data:|$)/.test(url) ? 'The file' : url;
  if (error?.code === MediaError.MEDIA_ERR_NETWORK) {
    return new SegmenterError(
      'source-fetch',
      `The download of ${what} broke off${reason}. Check the connection and try again.`,
    );
  }
  return new SegmenterError(
    'source-decode',
    `${what} cannot be played by this browser${reason}. Offer MP4 (H.264) or WebM (VP8, VP9).`,
  );
}
