/**
 * Leaves out vertices of closed rings, by the algorithm of D. H. Douglas and T. K. Peucker ("Algorithms for the reduction of the number
 * of points required to represent a digitized line or its caricature", Cartographica 10, 1973).
 *
 * It begins with the line between two vertices that are far apart, there and back. The vertex farthest from a line splits it in two,
 * until none is farther away than the tolerance. No vertex is moved. Where a ring nearly touches itself, closer than twice the
 * tolerance, the simplified one may cross itself.
 *
 * Its buffers are made once and grow with the longest ring.
 */
export class RingSimplifier {
  #isKept = new Uint8Array(0);
  #stack = new Int32Array(0);

  /**
   * @param ring - x and y of each vertex; the last one is joined to the first.
   * @param tolerance - How far from the result a vertex that is left out may lie, in the unit of the ring.
   * @returns The same kind of ring, in the same direction, in a buffer of its own. Fewer than three vertices where there is
   *   nothing but a line.
   */
  simplify(ring: Float32Array, tolerance: number): Float32Array<ArrayBuffer> {
    const count = ring.length / 2;
    if (this.#isKept.length < count) {
      this.#isKept = new Uint8Array(2 * count);
      this.#stack = new Int32Array(4 * count + 4);
    }
    this.#isKept.fill(0, 0, count);
    // Wherever a ring begins, its ends are the same.
    const first = findFarthest(ring, 0);
    const second = findFarthest(ring, first);
    this.#isKept[first] = 1;
    this.#isKept[second] = 1;
    const turn = first < second ? second : second + count;
    this.#split(ring, first, turn, tolerance);
    this.#split(ring, turn, first + count, tolerance);
    return this.#collect(ring, count);
  }

  /** Marks what is to be kept between two vertices; indices go on after the last vertex with the first. */
  #split(ring: Float32Array, from: number, to: number, tolerance: number): void {
    const count = ring.length / 2;
    const stack = this.#stack;
    let depth = 0;
    stack[depth++] = from;
    stack[depth++] = to;
    while (depth > 0) {
      const end = stack[--depth] as number;
      const start = stack[--depth] as number;
      let farthest = -1;
      let most = tolerance * tolerance;
      const [x0, y0] = vertexAt(ring, start % count);
      const [x1, y1] = vertexAt(ring, end % count);
      const dx = x1 - x0;
      const dy = y1 - y0;
      const squaredLength = dx * dx + dy * dy || 1;
      for (let i = start + 1; i < end; i++) {
        const at = 2 * (i < count ? i : i - count);
        const px = (ring[at] as number) - x0;
        const py = (ring[at + 1] as number) - y0;
        const along = Math.min(Math.max((px * dx + py * dy) / squaredLength, 0), 1);
        const squared = (px - along * dx) ** 2 + (py - along * dy) ** 2;
        if (squared > most) {
          most = squared;
          farthest = i;
        }
      }
      if (farthest < 0) continue;
      this.#isKept[farthest % count] = 1;
      stack[depth++] = start;
      stack[depth++] = farthest;
      stack[depth++] = farthest;
      stack[depth++] = end;
    }
  }

  #collect(ring: Float32Array, count: number): Float32Array<ArrayBuffer> {
    let kept = 0;
    for (let i = 0; i < count; i++) kept += this.#isKept[i] as number;
    const simplified = new Float32Array(2 * kept);
    let length = 0;
    for (let i = 0; i < count; i++) {
      if (!this.#isKept[i]) continue;
      simplified[length++] = ring[2 * i] as number;
      simplified[length++] = ring[2 * i + 1] as number;
    }
    return simplified;
  }
}

function vertexAt(ring: Float32Array, index: number): [x: number, y: number] {
  return [ring[2 * index] as number, ring[2 * index + 1] as number];
}

function findFarthest(ring: Float32Array, from: number): number {
  const [x, y] = vertexAt(ring, from);
  let farthest = from;
  let most = 0;
  for (let i = 0; i < ring.length / 2; i++) {
    const squared = ((ring[2 * i] as number) - x) ** 2 + ((ring[2 * i + 1] as number) - y) ** 2;
    if (squared > most) {
      most = squared;
      farthest = i;
    }
  }
  return farthest;
}
