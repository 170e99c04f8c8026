import { isAbortError, SegmenterError } from '../errors.ts';
import { emptyVideo } from '../util/empty-video.ts';
import { openCamera, stopTracks, type FacingMode } from './camera.ts';
import { CanvasSource } from './canvas-source.ts';
import type { FrameSource, SourceListener } from './frame-source.ts';
import { StillSource } from './still-source.ts';
import { VideoSource } from './video-source.ts';

/** What `srcObject` takes. */
export type SourceObject =
  MediaStream | MediaStreamTrack | Blob | ImageBitmap | HTMLCanvasElement | VideoFrame;

/** Where pictures come from. */
export type SourceRequest =
  | { readonly kind: 'url'; readonly url: string; readonly crossOrigin: string | null }
  | { readonly kind: 'object'; readonly object: SourceObject }
  | { readonly kind: 'camera'; readonly facingMode: FacingMode }
  | {
      readonly kind: 'element';
      readonly element: HTMLVideoElement | HTMLImageElement | HTMLCanvasElement;
    };

/**
 * Opens a source and waits until it has a picture. The caller closes it.
 *
 * @param video - The element's own video, used where a source has none of its own.
 */
export async function openSource(
  request: SourceRequest,
  video: HTMLVideoElement,
  listener: SourceListener,
  signal: AbortSignal,
): Promise<FrameSource> {
  switch (request.kind) {
    case 'url':
      return openUrl(request.url, request.crossOrigin, video, listener, signal);
    case 'object':
      return openObject(request.object, video, listener, signal);
    case 'camera': {
      const stream = await openCamera(request.facingMode, signal);
      return openStream(stream, video, listener, signal, () => stopTracks(stream));
    }
    case 'element':
      return openElement(request.element, listener, signal);
    default:
      return request satisfies never;
  }
}

function openElement(
  element: HTMLVideoElement | HTMLImageElement | HTMLCanvasElement,
  listener: SourceListener,
  signal: AbortSignal,
): FrameSource | Promise<FrameSource> {
  if (element instanceof HTMLVideoElement) {
    return VideoSource.open(element, listener, () => {}, signal);
  }
  if (element instanceof HTMLImageElement) return StillSource.open(element, listener);
  return new CanvasSource(element, listener);
}

function openObject(
  object: SourceObject,
  video: HTMLVideoElement,
  listener: SourceListener,
  signal: AbortSignal,
): FrameSource | Promise<FrameSource> {
  if (object instanceof MediaStream) return openStream(object, video, listener, signal, () => {});
  if (object instanceof MediaStreamTrack) {
    return openStream(new MediaStream([object]), video, listener, signal, () => {});
  }
  if (object instanceof HTMLCanvasElement) return openElement(object, listener, signal);
  if (object instanceof Blob) return openBlob(object, video, listener, signal);
  if (object instanceof ImageBitmap || object instanceof VideoFrame) {
    return StillSource.open(object, listener);
  }
  throw new SegmenterError(
    'option-invalid',
    'srcObject takes a MediaStream, MediaStreamTrack, Blob, ImageBitmap, HTMLCanvasElement or VideoFrame.',
  );
}

function openStream(
  stream: MediaStream,
  video: HTMLVideoElement,
  listener: SourceListener,
  signal: AbortSignal,
  stop: () => void,
): Promise<FrameSource> {
  video.srcObject = stream;
  // A stream gives its first picture once it plays.
  video.play().catch(() => {});
  const release = (): void => {
    stop();
    emptyVideo(video);
  };
  return VideoSource.open(video, listener, release, signal);
}

async function openBlob(
  blob: Blob,
  video: HTMLVideoElement,
  listener: SourceListener,
  signal: AbortSignal,
): Promise<FrameSource> {
  if (blob.type.startsWith('image/')) return StillSource.open(blob, listener);
  const url = URL.createObjectURL(blob);
  return openVideoUrl(url, null, video, listener, signal, () => URL.revokeObjectURL(url));
}

const imageExtensions = /\.(avif|bmp|gif|ico|jfif|jpe?g|png|svg|webp)$/i;

/** A URL says what it leads to by its ending, or it is tried as a video and then as an image. */
async function openUrl(
  href: string,
  crossOrigin: string | null,
  video: HTMLVideoElement,
  listener: SourceListener,
  signal: AbortSignal,
): Promise<FrameSource> {
  const url = new URL(href, document.baseURI);
  const isImage =
    url.protocol === 'data:'
      ? url.pathname.startsWith('image/')
      : imageExtensions.test(url.pathname);
  const openImage = (): Promise<FrameSource> => openImageUrl(url.href, crossOrigin, listener);
  try {
    if (isImage) return await openImage();
    return await openVideoUrl(url.href, crossOrigin, video, listener, signal, () => {});
  } catch (error) {
    if (isAbortError(error) || !isDecodeError(error)) throw error;
    if (!isImage) {
      const image = await openImage().catch(() => null);
      if (image) return image;
    }
    throw (await explainFetch(url, signal)) ?? error;
  }
}

async function openVideoUrl(
  url: string,
  crossOrigin: string | null,
  video: HTMLVideoElement,
  listener: SourceListener,
  signal: AbortSignal,
  release: () => void,
): Promise<FrameSource> {
  video.crossOrigin = crossOrigin;
  video.src = url;
  video.load();
  const releaseAll = (): void => {
    emptyVideo(video);
    release();
  };
  return VideoSource.open(video, listener, releaseAll, signal);
}

async function openImageUrl(
  url: string,
  crossOrigin: string | null,
  listener: SourceListener,
): Promise<FrameSource> {
  const image = new Image();
  image.crossOrigin = crossOrigin;
  image.src = url;
  return StillSource.open(image, listener);
}

function isDecodeError(error: unknown): boolean {
  return error instanceof SegmenterError && error.code === 'source-decode';
}

/** Media elements do not say whether a URL led nowhere or to something they cannot play. */
async function explainFetch(url: URL, signal: AbortSignal): Promise<SegmenterError | null> {
  if (!/^https?:$/.test(url.protocol)) return null;
  const isForeign = url.origin !== location.origin;
  let problem: string;
  try {
    const response = await fetch(url, {
      method: 'HEAD',
      mode: isForeign ? 'no-cors' : 'cors',
      signal,
    });
    if (response.ok || response.type === 'opaque') return null;
    problem = `answered ${response.status} ${response.statusText}`.trimEnd();
  } catch {
    signal.throwIfAborted();
    problem = 'could not be reached';
  }
  return new SegmenterError('source-fetch', `${url.href} ${problem}. Check \`src\`.`);
}
