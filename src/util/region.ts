/** A rectangle in a frame, in shares of its width and height, from the top left. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** All of a frame. */
export const wholeFrame: Region = { x: 0, y: 0, width: 1, height: 1 };

export function isSameRegion(one: Region, other: Region): boolean {
  return (
    one.x === other.x &&
    one.y === other.y &&
    one.width === other.width &&
    one.height === other.height
  );
}

/** Where `region` lies within `other`, in shares of that: beyond 0..1 where it reaches out. */
export function relateRegion(region: Region, other: Region): Region {
  return {
    x: (region.x - other.x) / other.width,
    y: (region.y - other.y) / other.height,
    width: region.width / other.width,
    height: region.height / other.height,
  };
}
