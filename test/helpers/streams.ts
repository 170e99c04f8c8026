/** A canvas as a stream. It is drawn on until the stream's tracks end, as WebKit sends a frame only when a canvas changes. */
export function createStream(canvas: HTMLCanvasElement): MediaStream {
  const stream = canvas.captureStream();
  const timer = setInterval(() => {
    canvas.getContext('2d')?.drawImage(canvas, 0, 0);
    if (!stream.active) clearInterval(timer);
  }, 50);
  return stream;
}
