/** Padding before and after one axis, in elements. */
export interface AxisPadding {
  readonly begin: number;
  readonly end: number;
}

/** One axis of a convolution, in elements. */
export interface ConvAxis {
  /** Length of the input. */
  readonly input: number;
  readonly kernel: number;
  readonly stride: number;
  /** Distance between the kernel's taps; 1 means that they touch. */
  readonly dilation: number;
}

/**
 * TensorFlow's SAME padding: as much as makes the output `ceil(input / stride)` long, the odd element at the
 * end. With stride 2 it is not symmetric, unlike most exporters' padding: 3x3 gets 0 and 1, 5x5 gets 1 and 2.
 */
export function computeSamePadding({ input, kernel, stride, dilation }: ConvAxis): AxisPadding {
  const output = Math.ceil(input / stride);
  const reach = (kernel - 1) * dilation + 1;
  const total = Math.max((output - 1) * stride + reach - input, 0);
  const begin = Math.floor(total / 2);
  return { begin, end: total - begin };
}
