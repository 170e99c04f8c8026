/** Loads a picture as it is shown. The caller closes it. */
export async function loadPicture(path: string): Promise<ImageBitmap> {
  return createImageBitmap(await fetchFile(path));
}

/** Loads a true mask, 0 or 1 per pixel, and whether there is anybody in it. */
export async function loadTruth(path: string, { width, height }: ImageBitmap): Promise<Truth> {
  const bitmap = await createImageBitmap(await fetchFile(path), { colorSpaceConversion: 'none' });
  if (bitmap.width !== width || bitmap.height !== height) {
    throw new Error(
      `${path} is ${bitmap.width}x${bitmap.height}, its picture ${width}x${height}: they must be of one size.`,
    );
  }
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser has no 2D canvas.');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  const values = Float32Array.from({ length: width * height }, (_, i) =>
    Number((data[4 * i] as number) >= 128),
  );
  return { values, hasPerson: values.includes(1) };
}

export interface Truth {
  readonly values: Float32Array;
  readonly hasPerson: boolean;
}

async function fetchFile(path: string): Promise<Blob> {
  const response = await fetch(`/data/${path}`);
  if (!response.ok) throw new Error(`There is no ${path} below the data's folder.`);
  return response.blob();
}
