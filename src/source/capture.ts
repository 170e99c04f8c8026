import { SegmenterError } from '../errors.ts';
import type { Frame } from '../stage.ts';

/** What a still picture can be taken of. */
export type StillSource =
  | HTMLImageElement
  | HTMLVideoElement
  | HTMLCanvasElement
  | ImageBitmap
  | ImageData
  | VideoFrame
  | Blob;

/**
 * Takes one frame of anything that shows a picture. The caller closes it; the source stays the caller's.
 * Rejects with `source-decode` when there is no picture in it, or `source-tainted`.
 */
export async function captureStill(source: StillSource): Promise<Frame> {
  try {
    if (source instanceof VideoFrame) return source.clone();
    if (source instanceof HTMLVideoElement) return captureFrame(source, source.currentTime * 1e6);
    if (source instanceof Blob) return await captureFile(source);
    if (source instanceof HTMLImageElement) await decoded(source);
    const bitmap = await createImageBitmap(source);
    await assertReadable(bitmap);
    return bitmap;
  } catch (error) {
    throw explainCaptureError(error);
  }
}

async function decoded(image: HTMLImageElement): Promise<void> {
  await image.decode();
  if (image.complete) return;
  // Firefox has decoded the picture before the one that loads.
  await new Promise((resolve) => {
    for (const type of ['load', 'error']) image.addEventListener(type, resolve, { once: true });
  });
}

/** By way of an image element: Firefox makes no bitmap of a file that Exif has turned. */
async function captureFile(file: Blob): Promise<Frame> {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    return await captureStill(image);
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

/**
 * Takes the current picture of a video or canvas; a video's pixels are not copied. The caller closes it.
 * Throws `source-tainted`, or `source-decode` before there is a frame.
 */
export function captureFrame(
  source: HTMLVideoElement | HTMLCanvasElement,
  timestampUs: number,
): VideoFrame {
  try {
    return new VideoFrame(source, { timestamp: Math.round(timestampUs) });
  } catch (error) {
    throw explainCaptureError(error);
  }
}

/**
 * An ImageBitmap of a tainted picture is made without complaint and fails only when it is sent to the worker. A corner tells
 * as well: a VideoFrame must not be larger than 32767 pixels (Chromium 156).
 */
async function assertReadable(bitmap: ImageBitmap): Promise<void> {
  try {
    const corner = await createImageBitmap(bitmap, 0, 0, 1, 1);
    new VideoFrame(corner, { timestamp: 0 }).close();
    corner.close();
  } catch (error) {
    bitmap.close();
    throw error;
  }
}

function explainCaptureError(error: unknown): SegmenterError {
  if (error instanceof SegmenterError) return error;
  if (error instanceof DOMException && error.name === 'SecurityError') {
    return new SegmenterError(
      'source-tainted',
      'The source is of another origin, which does not let it be read. Set crossorigin="anonymous" and let that server send Access-Control-Allow-Origin.',
      { cause: error },
    );
  }
  return new SegmenterError(
    'source-decode',
    'The source has no picture. Check that it has loaded, has a size, and is of a format that this browser decodes.',
    { cause: error },
  );
}
