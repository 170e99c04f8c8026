import type { Frame } from '../stage.ts';

/** Size of a frame as it is displayed: cropped, rotated, with square pixels; 0x0 once it is closed. */
export function displaySize(frame: Frame): { width: number; height: number } {
  if (frame instanceof ImageBitmap) return { width: frame.width, height: frame.height };
  return { width: frame.displayWidth, height: frame.displayHeight };
}
