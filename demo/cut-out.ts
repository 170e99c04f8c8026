import type { VoidSegmenterElement } from '../src/index.ts';

/** Cuts the person out of a picture. The page shows this code: keep it in step with index.html. */
export async function cutOut(
  el: VoidSegmenterElement,
  picture: HTMLCanvasElement,
  canvas: HTMLCanvasElement,
): Promise<void> {
  const mask = await el.segment(picture, { output: 'bitmap' });

  // A new size also empties the canvas and resets its context.
  canvas.width = picture.width;
  canvas.height = picture.height;
  const context = canvas.getContext('2d');
  if (!context || !mask.bitmap) return;
  context.drawImage(mask.bitmap, 0, 0);
  context.globalCompositeOperation = 'source-in';
  context.drawImage(picture, 0, 0);
  mask.close();
}
