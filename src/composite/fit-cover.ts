interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The part of a picture that shows when it covers a box, as `object-fit: cover` does.
 *
 * @returns Top-left corner and size of that part in shares of the picture, 0..1.
 */
export function fitCover(
  picture: Size,
  box: Size,
): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } {
  const scale = Math.max(box.width / picture.width, box.height / picture.height);
  const width = box.width / (picture.width * scale);
  const height = box.height / (picture.height * scale);
  return { x: (1 - width) / 2, y: (1 - height) / 2, width, height };
}
