import { SegmenterError } from '../errors.ts';
import type { Frame } from '../stage.ts';

/**
 * Size of a frame as it is displayed: cropped, rotated, with square pixels.
 * Throws `source-decode` if it is closed or empty.
 */
export function frameSize(frame: Frame): { width: number; height: number } {
  const [width, height] =
    frame instanceof VideoFrame
      ? [frame.displayWidth, frame.displayHeight]
      : [frame.width, frame.height];
  if (width > 0 && height > 0) return { width, height };
  throw new SegmenterError(
    'source-decode',
    'A frame has no pixels: it is empty, or was closed before it arrived.',
  );
}
