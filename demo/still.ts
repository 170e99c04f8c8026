import type { VoidSegmenterElement } from '../src/index.ts';
import { byId } from './page.ts';

/** Takes one mask of the current frame and paints the person in one colour. Shown on the page as it stands here. */
async function paintPerson(
  segmenter: VoidSegmenterElement,
  context: CanvasRenderingContext2D,
): Promise<void> {
  const mask = await segmenter.segment(undefined, { output: 'bitmap' });
  const { width, height } = context.canvas;
  context.globalCompositeOperation = 'copy';
  context.drawImage(await mask.toImageBitmap(), 0, 0, width, height);
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = '#ff7a45';
  context.fillRect(0, 0, width, height);
  mask.close();
}

const code = `const mask = await segmenter.segment(undefined, { output: 'bitmap' });
context.globalCompositeOperation = 'copy';
context.drawImage(mask.bitmap, 0, 0, width, height);
context.globalCompositeOperation = 'source-in';
context.fillStyle = '#ff7a45';
context.fillRect(0, 0, width, height);`;

/** Wires the button that runs the example. */
export function wireStill(segmenter: VoidSegmenterElement): void {
  const context = byId('still-result', HTMLCanvasElement).getContext('2d');
  byId('still-code', HTMLElement).textContent = code;
  byId('still', HTMLButtonElement).addEventListener('click', () => {
    // What goes wrong comes as a void-error, too.
    if (context) paintPerson(segmenter, context).catch(() => {});
  });
}
