/** Where 2D drawing happens. Its `canvas` is what others draw from. */
export type Context2D = OffscreenCanvasRenderingContext2D;

/**
 * A canvas whose pixels stay in main memory. The 2D renderer is for machines without a usable GPU: there, a canvas that
 * the browser "accelerates" all the same is 5 to 15 times slower (measured with Chromium on SwiftShader).
 */
export function createContext2D(
  width: number,
  height: number,
  settings: CanvasRenderingContext2DSettings = {},
): Context2D {
  const context = getContext2D(new OffscreenCanvas(width, height), settings);
  if (!context) throw new Error('This browser gives no 2D context to an OffscreenCanvas.');
  return context;
}

/** Null if the canvas is bound to another kind of context. */
export function getContext2D(
  canvas: OffscreenCanvas,
  settings: CanvasRenderingContext2DSettings = {},
): Context2D | null {
  return canvas.getContext('2d', { willReadFrequently: true, ...settings });
}

/** Empties the canvas if, and only if, the size changes. */
export function resizeCanvas({ canvas }: Context2D, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

/** Whether the browser has no canvas of this size, which is known once something was to be drawn. Not every browser tells. */
export function isTooLarge(context: Partial<Context2D>): boolean {
  return context.isContextLost?.() ?? false;
}

/** Replaces all of the target by `image`, stretched. */
export function copyStretched(target: Context2D, image: CanvasImageSource): void {
  target.globalCompositeOperation = 'copy';
  target.drawImage(image, 0, 0, target.canvas.width, target.canvas.height);
}
