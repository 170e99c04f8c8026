import type { Mask, VoidSegmenterElement } from '../src/index.ts';
import { byId } from './page.ts';

/** Draws each mask that the element sends, as a page of one's own might. */
export function previewMasks(element: VoidSegmenterElement): void {
  const canvas = byId('mask', HTMLCanvasElement);
  const caption = byId('mask-caption', HTMLElement);
  const context = canvas.getContext('2d');
  element.addEventListener('void-mask', ({ mask, timestampUs }) => {
    if (canvas.width !== mask.width) canvas.width = mask.width;
    if (canvas.height !== mask.height) canvas.height = mask.height;
    context?.clearRect(0, 0, canvas.width, canvas.height);
    if (mask.bitmap) context?.drawImage(mask.bitmap, 0, 0);
    else context?.putImageData(mask.toImageData(), 0, 0);
    caption.textContent = `${describe(mask)} at ${(timestampUs / 1e6).toFixed(2)} s`;
    mask.close();
  });
}

function describe({ data, format, width, height }: Mask): string {
  return `${data?.constructor.name ?? 'ImageBitmap'} (${format}), ${width} × ${height}`;
}
