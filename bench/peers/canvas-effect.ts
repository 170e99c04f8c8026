import type { Picture } from '../pages/subject.ts';

/** The effects that every subject can draw. */
export type CanvasEffect = 'cutout' | 'blur';

/** Draws a picture with its background gone or blurred, by the 2D canvas alone. The mask is stretched to the target. */
export function drawMasked(
  target: CanvasRenderingContext2D,
  picture: Picture,
  mask: CanvasImageSource,
  effect: CanvasEffect,
): void {
  const { width, height } = target.canvas;
  target.globalCompositeOperation = 'copy';
  target.filter = 'none';
  target.drawImage(mask, 0, 0, width, height);
  target.globalCompositeOperation = 'source-in';
  target.drawImage(picture, 0, 0, width, height);
  if (effect === 'blur') {
    target.globalCompositeOperation = 'destination-over';
    target.filter = 'blur(12px)';
    target.drawImage(picture, 0, 0, width, height);
  }
}
