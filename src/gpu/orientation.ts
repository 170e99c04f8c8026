/** Maps a place in the displayed picture to one in the stored, both 0..1 from the top left: `stored = A * displayed + b`. */
export interface Orientation {
  /** A, row-major. */
  readonly matrix: readonly [number, number, number, number];
  /** b */
  readonly offset: readonly [number, number];
}

/**
 * How a frame is stored that is displayed turned clockwise by `rotation` degrees and then, if `flip`, mirrored left to right
 * (WebCodecs, VideoFrame).
 */
export function orient(rotation: number, flip: boolean): Orientation {
  // The place in the picture before it was mirrored is (u, y).
  const [sign, start] = flip ? [-1, 1] : [1, 0];
  switch (rotation) {
    case 90:
      return { matrix: [0, 1, -sign, 0], offset: [0, 1 - start] };
    case 180:
      return { matrix: [-sign, 0, 0, -1], offset: [1 - start, 1] };
    case 270:
      return { matrix: [0, -1, sign, 0], offset: [1, start] };
    default:
      return { matrix: [sign, 0, 0, 1], offset: [start, 0] };
  }
}
