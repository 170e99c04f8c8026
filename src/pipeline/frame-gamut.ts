import type { Frame } from '../stage.ts';
import { hasWideCanvas } from '../util/browser.ts';

/**
 * In which colour space a frame loses least: Display P3 where it has colours beyond sRGB, as photos of phones have. High dynamic
 * range would lose its lights in either.
 */
export async function findColorSpace(frame: Frame): Promise<PredefinedColorSpace> {
  if (frame instanceof VideoFrame) return fit(frame.colorSpace);
  // Closed; whoever reads it will say so.
  if (frame.width === 0) return 'srgb';
  // A bitmap does not tell; a frame of it does, and a corner is enough.
  const corner = await createImageBitmap(frame, 0, 0, 1, 1);
  const told = new VideoFrame(corner, { timestamp: 0 });
  const colorSpace = fit(told.colorSpace);
  told.close();
  corner.close();
  return colorSpace;
}

/** Words of WebCodecs that the DOM types do not know yet. */
function fit({ primaries, transfer }: VideoColorSpace): PredefinedColorSpace {
  const isWide = ['smpte432', 'bt2020'].includes(String(primaries));
  return isWide && hasWideCanvas() && !['pq', 'hlg'].includes(String(transfer))
    ? 'display-p3'
    : 'srgb';
}
