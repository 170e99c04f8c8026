import { contextOf } from './pictures.ts';

/** x and y of a vertex. */
export type Vertex = readonly [x: number, y: number];

/** A mask as it is drawn: one character a pixel, `#` is 1, a digit a tenth of it, anything else 0. */
export function drawMask(...rows: readonly string[]): Float32Array {
  return Float32Array.from(rows.join(''), (pixel) =>
    pixel === '#' ? 1 : (Number(pixel) || 0) / 10,
  );
}

/** Vertices of a ring, those that coincide with the one before left out. */
export function verticesOf(ring: Float32Array): Vertex[] {
  const all: Vertex[] = [];
  for (let i = 0; i < ring.length; i += 2) all.push([ring[i] as number, ring[i + 1] as number]);
  return all.filter(([x, y], i) => {
    const [x0, y0] = all.at(i - 1) as Vertex;
    return x !== x0 || y !== y0;
  });
}

/** In square units; positive if the ring is clockwise on a screen. */
export function areaOf(ring: Float32Array): number {
  const vertices = verticesOf(ring);
  return vertices.reduce((sum, [x1, y1], i) => {
    const [x0, y0] = vertices.at(i - 1) as Vertex;
    return sum + (x0 * y1 - x1 * y0) / 2;
  }, 0);
}

/** From a point to the nearest edge of a ring. */
export function distanceToRing([x, y]: Vertex, ring: Float32Array): number {
  const vertices = verticesOf(ring);
  const distances = vertices.map(([x1, y1], i) => {
    const [x0, y0] = vertices.at(i - 1) as Vertex;
    const [dx, dy] = [x1 - x0, y1 - y0];
    const along = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1);
    const t = Math.min(Math.max(along, 0), 1);
    return Math.hypot(x - x0 - t * dx, y - y0 - t * dy);
  });
  return Math.min(...distances);
}

/** Which pixels a path fills by at least a half. */
export function fillPath(
  path: string,
  width: number,
  height: number,
  rule: CanvasFillRule = 'nonzero',
): boolean[] {
  const context = contextOf(new OffscreenCanvas(width, height));
  context.fill(new Path2D(path), rule);
  const { data } = context.getImageData(0, 0, width, height);
  return Array.from({ length: width * height }, (_, i) => (data[4 * i + 3] as number) >= 128);
}

/** Share of what is in both in what is in either. */
export function measureIou(a: readonly boolean[], b: readonly boolean[]): number {
  const both = a.filter((isIn, i) => isIn && b[i]).length;
  const either = a.filter((isIn, i) => isIn || b[i]).length;
  return both / either;
}
