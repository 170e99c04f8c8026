export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
}

/** The centred part of `picture`, in its pixels, that shows when it covers `target` as `object-fit: cover` does. */
export function fitCover(picture: Size, target: Size): Rect {
  const scale = Math.max(target.width / picture.width, target.height / picture.height);
  const width = target.width / scale;
  const height = target.height / scale;
  return { x: (picture.width - width) / 2, y: (picture.height - height) / 2, width, height };
}
