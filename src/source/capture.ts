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
    if (source instanceof HTMLImageElement) await source.decode();
    const bitmap = await createImageBitmap(source);
    await assertReadable(bitmap);
    return bitmap;
  } catch (error) {
    throw explainCaptureError(error);
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
      'The source comes from another origin, which has not allowed its pixels to be read. Set crossorigin="anonymous" and let that server send Access-Control-Allow-Origin.',
      { cause: error },
    );
  }
  return new SegmenterError(
    'source-decode',
    'There is no picture to be had from this source. Check that it has loaded, has a size, and is of a format that this browser decodes.',
    { cause: error },
  );
}
