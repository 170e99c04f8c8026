/** Where a walk goes next; a quarter turn to the right is one more. */
type Heading = 0 | 1 | 2 | 3;
const [up, right, down, left] = [0, 1, 2, 3] as const;

/**
 * Where a walk leaves a cell, by which of its corners are inside: 8 for the one top left, 4 top right, 2 bottom right, 1 bottom
 * left. Inside is on the right hand. Cells without a border have no exit, and the two saddles have two.
 */
const saddle = -1;
// prettier-ignore
const exits = [saddle, down, right, right, up, saddle, up, up, left, down, saddle, right, left, down, left, saddle];

/** What lies around the mask: below every threshold, 0 included. */
const outside = -1;
/** Samples around the mask, on each side: its edge once more, and one that is outside. */
const padding = 2;

/**
 * Finds the border of what is inside a mask, by marching squares (W. E. Lorensen and H. E. Cline, "Marching Cubes", SIGGRAPH 1987, in
 * two dimensions): each cell between four neighbouring pixel centres is crossed by straight lines, whose ends lie where the mask,
 * linearly interpolated, has the threshold.
 *
 * - A saddle, two corners inside and two outside, is joined if the mean of the four is inside.
 * - The mask ends at its frame: a ring that reaches it goes on along it, exactly.
 * - On a screen, where y goes down, what is inside lies to the right: outer rings are clockwise, holes are not.
 *
 * Its buffers are made once for a size of masks.
 */
export class MarchingSquares {
  #samples = new Float32Array(0);
  /** By sample: whether a walk went up between it and the next one to the right. Every ring goes up somewhere. */
  #isWalked = new Uint8Array(0);
  #points = new Float32Array(2048);
  #width = 0;
  #height = 0;

  /**
   * @param mask - `[height, width] float32`, row-major, 0..1. What is not a number counts as 0.
   * @param threshold - From which on a value is inside, 0..1.
   * @returns Rings: x and y of each vertex, in mask pixels; the last vertex is joined to the first. Neighbours may coincide. Each is
   *   valid until the next one is asked for.
   */
  *trace(
    mask: Float32Array,
    width: number,
    height: number,
    threshold: number,
  ): Generator<Float32Array, void, undefined> {
    this.#pad(mask, width, height);
    const samples = this.#samples;
    for (let i = 0; i < samples.length - 1; i++) {
      const isUp = (samples[i] as number) < threshold && (samples[i + 1] as number) >= threshold;
      if (isUp && !this.#isWalked[i]) yield this.#walk(i, threshold);
    }
  }

  #pad(mask: Float32Array, width: number, height: number): void {
    const stride = width + 2 * padding;
    if (this.#width !== width || this.#height !== height) {
      this.#samples = new Float32Array(stride * (height + 2 * padding)).fill(outside);
      this.#isWalked = new Uint8Array(this.#samples.length);
      this.#width = width;
      this.#height = height;
    }
    this.#isWalked.fill(0);
    if (width === 0 || height === 0) return;
    const samples = this.#samples;
    for (let y = 0; y < height; y++) {
      const start = (y + padding) * stride + padding;
      for (let x = 0; x < width; x++) {
        const value = mask[y * width + x] as number;
        samples[start + x] = value > 0 ? Math.min(value, 1) : 0;
      }
      samples[start - 1] = samples[start] as number;
      samples[start + width] = samples[start + width - 1] as number;
    }
    samples.copyWithin(stride, padding * stride, (padding + 1) * stride);
    const below = (height + padding) * stride;
    samples.copyWithin(below, below - stride, below);
  }

  /** Follows the ring that goes up between the sample `first` and the next one. */
  #walk(first: number, threshold: number): Float32Array {
    const samples = this.#samples;
    const stride = this.#width + 2 * padding;
    // The cell whose sample top left is in this column and row.
    let column = first % stride;
    let row = (first - column) / stride - 1;
    let heading: Heading = up;
    let length = 0;
    for (;;) {
      const i = row * stride + column;
      const topLeft = samples[i] as number;
      const topRight = samples[i + 1] as number;
      const bottomLeft = samples[i + stride] as number;
      const bottomRight = samples[i + stride + 1] as number;
      const corners =
        (topLeft >= threshold ? 8 : 0) +
        (topRight >= threshold ? 4 : 0) +
        (bottomRight >= threshold ? 2 : 0) +
        (bottomLeft >= threshold ? 1 : 0);
      const exit = exits[corners] as Heading | typeof saddle;
      if (exit === saddle) {
        const isJoined = (topLeft + topRight + bottomLeft + bottomRight) / 4 >= threshold;
        heading = ((heading + (isJoined ? left : right)) % 4) as Heading;
      } else {
        heading = exit;
      }
      if (length + 2 > this.#points.length) this.#points = grow(this.#points);
      const x0 = position(column, this.#width);
      const y0 = position(row, this.#height);
      const x1 = position(column + 1, this.#width);
      const y1 = position(row + 1, this.#height);
      switch (heading) {
        case up:
          this.#points[length++] = cross(x0, x1, topLeft, topRight, threshold);
          this.#points[length++] = y0;
          this.#isWalked[i] = 1;
          if (i === first) return this.#points.subarray(0, length);
          row--;
          break;
        case right:
          this.#points[length++] = x1;
          this.#points[length++] = cross(y0, y1, topRight, bottomRight, threshold);
          column++;
          break;
        case down:
          this.#points[length++] = cross(x0, x1, bottomLeft, bottomRight, threshold);
          this.#points[length++] = y1;
          row++;
          break;
        case left:
          this.#points[length++] = x0;
          this.#points[length++] = cross(y0, y1, topLeft, bottomLeft, threshold);
          column--;
          break;
      }
    }
  }
}

/** Of a sample along an axis, in mask pixels: at the pixel's centre, and for the padding at the frame. */
function position(index: number, size: number): number {
  return Math.min(Math.max(index - padding + 0.5, 0), size);
}

/** Where between two samples the mask has the threshold. */
function cross(from: number, to: number, first: number, second: number, threshold: number): number {
  return from + ((to - from) * (threshold - first)) / (second - first);
}

function grow(values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(2 * values.length);
  larger.set(values);
  return larger;
}
