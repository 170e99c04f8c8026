/** Makes a canvas that is never shown and returns its context. */
export function create2d(
  width: number,
  height: number,
  settings?: CanvasRenderingContext2DSettings,
): OffscreenCanvasRenderingContext2D {
  return context2d(new OffscreenCanvas(width, height), settings);
}

/** The 2D context of a canvas that has no other kind. */
export function context2d(
  canvas: OffscreenCanvas,
  settings?: CanvasRenderingContext2DSettings,
): OffscreenCanvasRenderingContext2D {
  const context = canvas.getContext('2d', settings);
  if (!context) throw new Error('The canvas gave no 2D context.');
  return context;
}

/** Sets the size of a canvas, unless it has it: setting it clears the canvas. */
export function resizeCanvas(canvas: OffscreenCanvas, width: number, height: number): void {
  if (canvas.width === width && canvas.height === height) return;
  canvas.width = width;
  canvas.height = height;
}
