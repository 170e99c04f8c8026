/**
 * Reorders the axes of a dense row-major array.
 *
 * @param dims - Length of each axis of `data`.
 * @param order - For each axis of the result, the axis of `data` it comes from.
 */
export function transpose(
  data: Float32Array,
  dims: readonly number[],
  order: readonly number[],
): { readonly data: Float32Array; readonly dims: readonly number[] } {
  const strides = dims.map((_, axis) => dims.slice(axis + 1).reduce((a, b) => a * b, 1));
  const axes = order.map((axis) => ({ length: dims[axis] ?? 1, stride: strides[axis] ?? 1 }));
  const result = new Float32Array(data.length);
  let written = 0;
  const copy = (depth: number, offset: number): void => {
    const axis = axes[depth];
    if (!axis) {
      result[written++] = data[offset] ?? 0;
      return;
    }
    for (let index = 0; index < axis.length; index++) copy(depth + 1, offset + index * axis.stride);
  };
  copy(0, 0);
  return { data: result, dims: axes.map((axis) => axis.length) };
}
