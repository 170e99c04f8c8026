import { SegmenterError } from '../errors.ts';
import type { Frame } from '../stage.ts';
import { displaySize } from '../util/display-size.ts';

/** {@link displaySize}. Throws `source-decode` if the frame is closed or empty. */
export function frameSize(frame: Frame): { width: number; height: number } {
  const size = displaySize(frame);
  if (size.width > 0 && size.height > 0) return size;
  throw new SegmenterError(
    'source-decode',
    'A frame has no pixels: it is empty, or was closed before it arrived.',
  );
}

/** Throws `out-of-memory` for what is larger than a GPU's textures. */
export function assertFits(
  { width, height }: { readonly width: number; readonly height: number },
  limitPx: number,
): void {
  if (Math.max(width, height) <= limitPx) return;
  throw new SegmenterError(
    'out-of-memory',
    `A frame of ${width}x${height} is too large for this GPU, which takes up to ${limitPx} pixels a side. Use a smaller source, or backend="auto" or "wasm".`,
  );
}

/** A frame with the same picture, its longer side this long; null if it fits as it is. The caller closes it. */
export async function shrinkToFit(frame: Frame, limitPx: number): Promise<ImageBitmap | null> {
  const { width, height } = frameSize(frame);
  const scale = limitPx / Math.max(width, height);
  if (scale >= 1) return null;
  return createImageBitmap(frame, {
    resizeWidth: Math.max(1, Math.floor(scale * width)),
    resizeHeight: Math.max(1, Math.floor(scale * height)),
    resizeQuality: 'high',
  });
}
