import type { Mask, VoidSegmenterElement } from '../src/index.ts';

/** Has text flow around the person in a floating element. The page shows this code: keep it in step with index.html. */
export function flowAround(el: VoidSegmenterElement): void {
  el.addEventListener('void-mask', ({ mask }) => {
    el.style.shapeOutside = toPolygon(mask);
  });
}

/**
 * A value for `shape-outside`: the largest ring in percentages, which fit any size. They are of the element's own box; of its margins, too,
 * unless it says so.
 */
export function toPolygon({ points, width, height }: Mask): string {
  const [ring] = points ?? [];
  if (!ring) return 'none';
  const vertices: string[] = [];
  for (let i = 0; i < ring.length; i += 2) {
    const [x = 0, y = 0] = ring.subarray(i, i + 2);
    vertices.push(`${(100 * x) / width}% ${(100 * y) / height}%`);
  }
  return `polygon(${vertices.join()}) border-box`;
}
