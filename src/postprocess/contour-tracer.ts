import { MarchingSquares } from './marching-squares.ts';
import { RingSimplifier } from './simplify-ring.ts';

/**
 * How far from the contour a vertex that is left out may lie, in mask pixels. Of masks of people a quarter leaves one vertex in six, and
 * the area changes by two thousandths (measured on those in test/assets/parity); a tenth leaves one in three.
 */
export const tolerance = 0.25;
/** Rings around less are specks, in mask pixels; holes, too. */
export const smallestArea = 4;
/** A path around nothing: `path('')` is no value of `clip-path`, so that the one before would stay. */
const emptyPath = 'M0 0Z';

/** Polygons around what is inside a mask. */
export interface Contour {
  /** SVG path data, for either fill rule. */
  readonly path: string;
  /** x and y of each vertex, the last one joined to the first; the largest ring first. Each in a buffer of its own. */
  readonly points: readonly Float32Array<ArrayBuffer>[];
}

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Ring {
  readonly points: Float32Array<ArrayBuffer>;
  readonly area: number;
}

/**
 * Makes of a mask polygons with holes: {@link MarchingSquares}, less what is smaller than {@link smallestArea}, simplified by
 * {@link RingSimplifier} within {@link tolerance}, and stretched. Outer rings are clockwise on a screen, holes are not.
 */
export class ContourTracer {
  readonly #squares = new MarchingSquares();
  readonly #simplifier = new RingSimplifier();

  /**
   * @param mask - `[height, width] float32`, row-major, 0..1.
   * @param size - Of the mask.
   * @param threshold - From which on a value is inside, 0..1.
   * @param target - What the whole mask is stretched to.
   */
  trace(mask: Float32Array, size: Size, threshold: number, target: Size): Contour {
    const rings: Ring[] = [];
    for (const ring of this.#squares.trace(mask, size.width, size.height, threshold)) {
      const area = Math.abs(measureArea(ring));
      if (area < smallestArea) continue;
      const points = this.#simplifier.simplify(ring, tolerance);
      // Long and thinner than the tolerance.
      if (points.length < 6) continue;
      stretch(points, target.width / size.width, target.height / size.height);
      rings.push({ points, area });
    }
    const points = rings.sort((a, b) => b.area - a.area).map((ring) => ring.points);
    return { points, path: points.map(writePath).join('') || emptyPath };
  }
}

/** Positive if the ring is clockwise on a screen. */
function measureArea(ring: Float32Array): number {
  let doubled = 0;
  let x0 = ring.at(-2) as number;
  let y0 = ring.at(-1) as number;
  for (let i = 0; i < ring.length; i += 2) {
    const x1 = ring[i] as number;
    const y1 = ring[i + 1] as number;
    doubled += x0 * y1 - x1 * y0;
    x0 = x1;
    y0 = y1;
  }
  return doubled / 2;
}

function stretch(points: Float32Array, scaleX: number, scaleY: number): void {
  for (let i = 0; i < points.length; i += 2) {
    points[i] = (points[i] as number) * scaleX;
    points[i + 1] = (points[i + 1] as number) * scaleY;
  }
}

/** Two decimals are finer than any screen. */
function writePath(points: Float32Array): string {
  let path = '';
  for (let i = 0; i < points.length; i += 2) {
    const command = i === 0 ? 'M' : i === 2 ? 'L' : ' ';
    const x = Math.round((points[i] as number) * 100) / 100;
    const y = Math.round((points[i + 1] as number) * 100) / 100;
    path += `${command}${x} ${y}`;
  }
  return `${path}Z`;
}
