/**
 * Replaces each value by the sum over the square of `2 * radius + 1` around it, as far as that lies within the plane.
 * The time does not depend on the radius.
 *
 * @param plane - `[height, width] float32`, row-major. Changed in place.
 * @param scratch - As long as the plane.
 */
export function sumBoxes(
  plane: Float32Array,
  width: number,
  height: number,
  radius: number,
  scratch: Float32Array,
): void {
  for (let y = 0; y < height; y++) sumRow(plane, scratch, y * width, width, radius);
  sumColumns(scratch, plane, width, height, radius);
}

/** The same, divided by how many values there are. */
export function averageBoxes(
  plane: Float32Array,
  width: number,
  height: number,
  radius: number,
  scratch: Float32Array,
): void {
  sumBoxes(plane, width, height, radius, scratch);
  for (let y = 0, i = 0; y < height; y++) {
    const rows = countInside(y, height, radius);
    for (let x = 0; x < width; x++, i++) {
      plane[i] = (plane[i] as number) / (rows * countInside(x, width, radius));
    }
  }
}

/** How many of the `2 * radius + 1` places around `index` there are. */
export function countInside(index: number, size: number, radius: number): number {
  return Math.min(index + radius, size - 1) - Math.max(index - radius, 0) + 1;
}

function sumRow(
  from: Float32Array,
  to: Float32Array,
  start: number,
  count: number,
  radius: number,
): void {
  let sum = 0;
  for (let i = 0; i < Math.min(radius, count); i++) sum += from[start + i] as number;
  for (let i = 0; i < count; i++) {
    if (i + radius < count) sum += from[start + i + radius] as number;
    if (i > radius) sum -= from[start + i - radius - 1] as number;
    to[start + i] = sum;
  }
}

/** Whole rows are added to and taken from the row of sums: memory is read in its order. */
function sumColumns(
  from: Float32Array,
  to: Float32Array,
  width: number,
  height: number,
  radius: number,
): void {
  for (let x = 0; x < width; x++) {
    let sum = 0;
    for (let y = 0; y <= Math.min(radius, height - 1); y++) sum += from[y * width + x] as number;
    to[x] = sum;
  }
  for (let y = 1; y < height; y++) {
    const row = y * width;
    const entering = y + radius < height ? (y + radius) * width : -1;
    const leaving = y > radius ? (y - radius - 1) * width : -1;
    for (let x = 0; x < width; x++) {
      let sum = to[row - width + x] as number;
      if (entering >= 0) sum += from[entering + x] as number;
      if (leaving >= 0) sum -= from[leaving + x] as number;
      to[row + x] = sum;
    }
  }
}
