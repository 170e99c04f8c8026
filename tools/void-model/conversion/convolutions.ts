/**
 * Convolutions of TensorFlow Lite in ONNX.
 * Option slots are those of tensorflow/lite/schema/schema.fbs.
 */
import { int, ints } from '../onnx/graph.ts';
import type { OnnxAttribute } from '../onnx/graph.ts';
import type { TfliteOperator } from '../tflite/model.ts';
import type { GraphBuilder, PictureShape } from './graph-builder.ts';
import { addActivated, noActivation, requireOptions, unsupportedForm } from './operator.ts';
import { computeSamePadding } from './padding.ts';
import { transpose } from './transpose.ts';

const conv2dSlots = {
  padding: 0,
  strideW: 1,
  strideH: 2,
  activation: 3,
  dilationW: 4,
  dilationH: 5,
};
const depthwiseSlots = {
  padding: 0,
  strideW: 1,
  strideH: 2,
  activation: 4,
  dilationW: 5,
  dilationH: 6,
};

/** `enum Padding` */
const samePadding = 0;

/** Weights are stored as output channels, height, width, input channels. */
export function convertConv2d(operator: TfliteOperator, graph: GraphBuilder): void {
  convertConv(operator, graph, conv2dSlots, [0, 3, 1, 2], () => 1);
}

/** Weights are stored as 1, height, width, output channels. */
export function convertDepthwiseConv2d(operator: TfliteOperator, graph: GraphBuilder): void {
  convertConv(operator, graph, depthwiseSlots, [3, 0, 1, 2], ({ channels }) => channels);
}

function convertConv(
  operator: TfliteOperator,
  graph: GraphBuilder,
  slots: typeof conv2dSlots,
  weightOrder: readonly number[],
  groupsOf: (input: PictureShape) => number,
): void {
  const [input, weights, bias] = operator.inputs as [number, number, number?];
  const options = requireOptions(operator);
  const shape = graph.shape(input);
  const kernel = graph.constant(weights, operator);
  const { data, dims } = transpose(kernel.data, kernel.dims, weightOrder);
  const [, , kernelH = 1, kernelW = 1] = dims;
  const strideH = options.int32(slots.strideH);
  const strideW = options.int32(slots.strideW);
  const dilationH = options.int32(slots.dilationH, 1);
  const dilationW = options.int32(slots.dilationW, 1);
  const attributes: Record<string, OnnxAttribute> = {
    kernel_shape: ints(kernelH, kernelW),
    strides: ints(strideH, strideW),
    dilations: ints(dilationH, dilationW),
    group: int(groupsOf(shape)),
  };
  if (options.uint8(slots.padding) === samePadding) {
    const vertical = computeSamePadding({
      input: shape.height,
      kernel: kernelH,
      stride: strideH,
      dilation: dilationH,
    });
    const horizontal = computeSamePadding({
      input: shape.width,
      kernel: kernelW,
      stride: strideW,
      dilation: dilationW,
    });
    attributes['pads'] = ints(vertical.begin, horizontal.begin, vertical.end, horizontal.end);
  }
  const inputs = [graph.value(input), graph.addTensor(kernel.name, dims, data)];
  if (bias !== undefined && bias >= 0) {
    const constant = graph.constant(bias, operator);
    inputs.push(graph.addTensor(constant.name, constant.dims, constant.data));
  }
  addActivated(operator, graph, 'Conv', inputs, attributes, options.uint8(slots.activation));
}

const transposeConvSlots = { strideW: 1, strideH: 2, activation: 3 };

/** The builtin transposed convolution: its first input is the shape of the output, which is known anyway. */
export function convertTransposeConv(operator: TfliteOperator, graph: GraphBuilder): void {
  const [, weights, input, bias] = operator.inputs as [number, number, number, number?];
  const options = requireOptions(operator);
  const stride = {
    height: options.int32(transposeConvSlots.strideH),
    width: options.int32(transposeConvSlots.strideW),
  };
  const activation = options.uint8(transposeConvSlots.activation);
  addTransposedConv(operator, graph, { input, weights, bias, stride, activation });
}

/** Length of the options of {@link convertTransposeConvWithBias}. */
const customOptionBytes = 12;

/**
 * MediaPipe's custom operator: a transposed convolution with a bias. Its options are three little-endian
 * int32: padding (1 is SAME), stride across, stride down.
 */
export function convertTransposeConvWithBias(operator: TfliteOperator, graph: GraphBuilder): void {
  const [input, weights, bias] = operator.inputs as [number, number, number];
  const { buffer, byteOffset, byteLength } = operator.customOptions;
  if (byteLength !== customOptionBytes) {
    throw unsupportedForm(operator, `${byteLength} bytes of options`, 'one with 12');
  }
  const options = new DataView(buffer, byteOffset, byteLength);
  const stride = { height: options.getInt32(8, true), width: options.getInt32(4, true) };
  addTransposedConv(operator, graph, { input, weights, bias, stride, activation: noActivation });
}

interface TransposedConv {
  readonly input: number;
  /** Stored as output channels, height, width, input channels. */
  readonly weights: number;
  readonly bias: number | undefined;
  readonly stride: { readonly height: number; readonly width: number };
  readonly activation: number;
}

/**
 * Handled where the kernel is as large as the stride: blocks of output do not overlap then, and there is nothing
 * to pad.
 */
function addTransposedConv(
  operator: TfliteOperator,
  graph: GraphBuilder,
  { input, weights, bias, stride, activation }: TransposedConv,
): void {
  const kernel = graph.constant(weights, operator);
  const { data, dims } = transpose(kernel.data, kernel.dims, [3, 0, 1, 2]);
  if (dims[2] !== stride.height || dims[3] !== stride.width) {
    throw unsupportedForm(
      operator,
      'a kernel larger or smaller than its stride',
      'a kernel of the same size',
    );
  }
  const inputs = [graph.value(input), graph.addTensor(kernel.name, dims, data)];
  if (bias !== undefined && bias >= 0) {
    const offsets = graph.constant(bias, operator);
    inputs.push(graph.addTensor(offsets.name, offsets.dims, offsets.data));
  }
  const size = ints(stride.height, stride.width);
  const attributes = { kernel_shape: size, strides: size };
  addActivated(operator, graph, 'ConvTranspose', inputs, attributes, activation);
}
