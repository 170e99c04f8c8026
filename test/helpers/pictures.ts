/** A colour: red, green, blue, 0..255. */
type Color = readonly [red: number, green: number, blue: number];

/** The quarters of {@link createPicture}: left and right above, left and right below. */
export const quarterColors: readonly Color[] = [
  [200, 30, 40],
  [20, 180, 60],
  [30, 50, 210],
  [240, 240, 240],
];

/** A canvas of four opaque quarters, each of another colour. */
export function createPicture(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = contextOf(canvas);
  for (const [i, [red, green, blue]] of quarterColors.entries()) {
    context.fillStyle = `rgb(${red} ${green} ${blue})`;
    const [column, row] = [i % 2, Math.floor(i / 2)];
    context.fillRect((column * width) / 2, (row * height) / 2, width / 2, height / 2);
  }
  return canvas;
}

/** The picture as a PNG file. */
export function createPng(width: number, height: number): Promise<Blob> {
  return new Promise((resolve, reject: (reason: Error) => void) =>
    createPicture(width, height).toBlob((blob) =>
      blob ? resolve(blob) : reject(new Error('no PNG')),
    ),
  );
}

/** Size as shown, in pixels. */
export function sizeOf(frame: VideoFrame | ImageBitmap): string {
  const [width, height] =
    frame instanceof VideoFrame
      ? [frame.displayWidth, frame.displayHeight]
      : [frame.width, frame.height];
  return `${width}x${height}`;
}

/** Straight RGBA. */
export function readFrame(frame: VideoFrame | ImageBitmap): ImageData {
  const [width = 0, height = 0] = sizeOf(frame).split('x').map(Number);
  const context = contextOf(new OffscreenCanvas(width, height));
  context.drawImage(frame, 0, 0);
  return context.getImageData(0, 0, width, height);
}

/** Largest difference from {@link quarterColors} in the middle of the quarters, in levels of 255. */
export function differenceFromPicture(frame: VideoFrame | ImageBitmap): number {
  const { data, width, height } = readFrame(frame);
  const differences = quarterColors.flatMap((color, i) => {
    const column = Math.floor(((i % 2) + 0.5) * (width / 2));
    const row = Math.floor((Math.floor(i / 2) + 0.5) * (height / 2));
    return [...color, 255].map((level, channel) =>
      Math.abs(level - (data[4 * (row * width + column) + channel] ?? NaN)),
    );
  });
  return Math.max(...differences);
}

/**
 * The same server under another name, which makes it another origin; it sends no Access-Control-Allow-Origin. Throws
 * if the browser can read from there, or if nobody answers.
 */
export async function createForeignUrl(path: string): Promise<string> {
  const url = new URL(path, location.href);
  url.hostname = location.hostname === 'localhost' ? '127.0.0.1' : 'localhost';
  const response = await fetch(url, { mode: 'no-cors' });
  if (response.type !== 'opaque') throw new Error(`${url.href} is not another origin.`);
  const isReadable = await fetch(url).then(
    () => true,
    () => false,
  );
  if (isReadable) throw new Error(`${url.href} may be read from this origin.`);
  return url.href;
}

/** An image element that has loaded. */
export async function createImage(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}

/** A canvas that cannot be read: a picture of another origin was drawn to it. */
export async function createTaintedCanvas(): Promise<HTMLCanvasElement> {
  const canvas = createPicture(40, 30);
  const image = await createImage(await createForeignUrl(pictureUrl));
  contextOf(canvas).drawImage(image, 0, 0);
  return canvas;
}

/** A picture of 256x256 pixels on the test server. */
export const pictureUrl = '/test/assets/parity/clip-8s-256x256.png';

export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D;
export function contextOf(canvas: OffscreenCanvas): OffscreenCanvasRenderingContext2D;
export function contextOf(
  canvas: HTMLCanvasElement | OffscreenCanvas,
): CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D {
  const context = (canvas as OffscreenCanvas).getContext('2d');
  if (!context) throw new Error('no 2D context');
  return context;
}
