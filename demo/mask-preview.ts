import type { Mask, VoidSegmenterElement } from '../src/index.ts';
import { find, setText } from './dom.ts';

/** Often enough to see, seldom enough for a weak device. */
const everyMs = 150;
const film = '#c8102e';

/** Draws the masks that a page's code receives, as masking film: red is background, clear is person. */
export function connectMaskPreview(segmenter: VoidSegmenterElement, onAsk: () => void): void {
  const canvas = find(HTMLCanvasElement, '#mask');
  const absent = find(HTMLElement, '#mask-absent');
  const facts = find(HTMLElement, '#mask-facts');
  const ask = find(HTMLButtonElement, '#ask-mask');
  let drawnAtMs = -Infinity;
  let isDrawing = false;

  const showPresence = (): void => {
    const isOff = segmenter.maskOutput === 'none';
    absent.hidden = !isOff;
    canvas.hidden = isOff;
    ask.style.visibility = isOff ? '' : 'hidden';
    if (isOff) setText(facts, 'void-mask: off');
  };
  ask.addEventListener('click', onAsk);
  find(HTMLSelectElement, '#mask-output').form?.addEventListener('input', showPresence);
  showPresence();

  segmenter.addEventListener('void-mask', ({ mask }) => {
    showPresence();
    const nowMs = performance.now();
    if (isDrawing || nowMs - drawnAtMs < everyMs || segmenter.maskOutput === 'none') {
      mask.close();
      return;
    }
    drawnAtMs = nowMs;
    isDrawing = true;
    setText(facts, describeMask(mask));
    draw(canvas, mask)
      .catch(() => setText(facts, 'The mask could not be drawn.'))
      .finally(() => {
        isDrawing = false;
        mask.close();
      });
  });
}

async function draw(canvas: HTMLCanvasElement, mask: Mask): Promise<void> {
  const person = await mask.toImageBitmap();
  canvas.width = mask.width;
  canvas.height = mask.height;
  const context = canvas.getContext('2d');
  if (context) {
    context.fillStyle = film;
    context.fillRect(0, 0, mask.width, mask.height);
    context.globalCompositeOperation = 'destination-out';
    context.drawImage(person, 0, 0);
  }
  person.close();
}

function describeMask({ width, height, data, path, timestampUs }: Mask): string {
  const what =
    (data && `${data.constructor.name}(${data.length})`) ??
    (path ? `path(${path.length})` : 'ImageBitmap');
  return `${what}, ${width} × ${height}, ${(timestampUs / 1e6).toFixed(2)} s`;
}
