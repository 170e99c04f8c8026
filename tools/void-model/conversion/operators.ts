/**
 * How each TensorFlow Lite operator is written in ONNX. To support one more, add it to {@link conversions}.
 * Option slots are those of tensorflow/lite/schema/schema.fbs.
 */
import { int, string } from '../onnx/graph.ts';
import type { TfliteOperator } from '../tflite/model.ts';
import {
  convertConv2d,
  convertDepthwiseConv2d,
  convertTransposeConv,
  convertTransposeConvWithBias,
} from './convolutions.ts';
import type { GraphBuilder } from './graph-builder.ts';
import {
  addActivated,
  noActivation,
  outputOf,
  requireOptions,
  unsupportedForm,
} from './operator.ts';
import type { Conversion } from './operator.ts';
import { convertReshape, convertTranspose, toNchwAxis } from './layout.ts';
import { transpose } from './transpose.ts';

const poolSlots = { filterW: 3, filterH: 4, activation: 5 };
const resizeSlots = { alignCorners: 2, halfPixelCenters: 3 };
const nearestSlots = { alignCorners: 0 };
const softmaxSlots = { beta: 0 };
const reducerSlots = { keepDims: 0 };
const binarySlots = { activation: 0 };

/** By name of the operator, in alphabetical order. */
export const conversions: ReadonlyMap<string, Conversion> = new Map([
  ['ADD', convertBinary('Add')],
  ['AVERAGE_POOL_2D', convertAveragePool],
  ['CONV_2D', convertConv2d],
  ['Convolution2DTransposeBias', convertTransposeConvWithBias],
  ['DEPTHWISE_CONV_2D', convertDepthwiseConv2d],
  ['DEQUANTIZE', convertDequantize],
  ['HARD_SWISH', convertUnary('HardSwish')],
  ['LOGISTIC', convertUnary('Sigmoid')],
  ['MEAN', convertMean],
  ['MUL', convertBinary('Mul')],
  ['RELU', convertUnary('Relu')],
  ['RESHAPE', convertReshape],
  ['RESIZE_BILINEAR', convertResizeBilinear],
  ['RESIZE_NEAREST_NEIGHBOR', convertResizeNearest],
  ['SOFTMAX', convertSoftmax],
  ['SUM', convertSum],
  ['TRANSPOSE', convertTranspose],
  ['TRANSPOSE_CONV', convertTransposeConv],
]);

/** Widening float16 constants is done here and now; other uses of the operator are quantization. */
function convertDequantize(operator: TfliteOperator, graph: GraphBuilder): void {
  const [input] = operator.inputs as [number];
  graph.setConstant(outputOf(operator), graph.constant(input, operator).data);
}

function convertUnary(opType: string): Conversion {
  return (operator, graph) => {
    const [input] = operator.inputs as [number];
    graph.addNode(opType, [graph.value(input)], graph.value(outputOf(operator)));
  };
}

/** Shapes broadcast alike in both layouts, as both sides have four axes. */
function convertBinary(opType: string): Conversion {
  return (operator, graph) => {
    const inputs = operator.inputs.map(
      (input) => addConstantOperand(input, operator, graph) ?? computedOperand(input, graph),
    );
    const activation = operator.options?.uint8(binarySlots.activation) ?? noActivation;
    addActivated(operator, graph, opType, inputs, {}, activation);
  };
}

function computedOperand(input: number, graph: GraphBuilder): string {
  graph.shape(input); // Throws unless there are four axes.
  return graph.value(input);
}

/** A number, one a channel, or a picture. Returns null for what is computed. */
function addConstantOperand(
  input: number,
  operator: TfliteOperator,
  graph: GraphBuilder,
): string | null {
  const constant = graph.findConstant(input);
  if (!constant) return null;
  const { name, data, dims } = constant;
  if (data.length === 1) return graph.addTensor(name, [1], data);
  // Alone it is the last axis, channels, which comes before height and width here.
  if (dims.length === 1) return graph.addTensor(name, [data.length, 1, 1], data);
  if (dims.length !== 4) {
    throw unsupportedForm(operator, `a constant of ${dims.length} axes`, 'one of 1 or 4');
  }
  const turned = transpose(data, dims, [0, 3, 1, 2]);
  return graph.addTensor(name, turned.dims, turned.data);
}

function convertAveragePool(operator: TfliteOperator, graph: GraphBuilder): void {
  const [input] = operator.inputs as [number];
  const options = requireOptions(operator);
  const { width, height } = graph.shape(input);
  const output = graph.shape(outputOf(operator));
  const coversAll =
    options.int32(poolSlots.filterW) === width && options.int32(poolSlots.filterH) === height;
  if (!coversAll || output.width !== 1 || output.height !== 1) {
    throw unsupportedForm(operator, 'a window smaller than its input', 'a window over all of it');
  }
  const activation = options.uint8(poolSlots.activation);
  addActivated(operator, graph, 'GlobalAveragePool', [graph.value(input)], {}, activation);
}

function convertMean(operator: TfliteOperator, graph: GraphBuilder): void {
  const [input, axes] = operator.inputs as [number, number];
  const spatial = [...graph.int32Constant(axes)].sort().join() === '1,2';
  if (!spatial || !requireOptions(operator).bool(reducerSlots.keepDims)) {
    throw unsupportedForm(operator, 'other axes', 'the mean over height and width with kept axes');
  }
  graph.addNode('GlobalAveragePool', [graph.value(input)], graph.value(outputOf(operator)));
}

function convertResizeBilinear(operator: TfliteOperator, graph: GraphBuilder): void {
  const [input] = operator.inputs as [number];
  const options = requireOptions(operator);
  const from = graph.shape(input);
  const to = graph.shape(outputOf(operator));
  const scaleH = Math.fround(to.height / from.height);
  const scaleW = Math.fround(to.width / from.width);
  // Factors rather than sizes: a factor stays right when a pass changes the number of channels.
  if (
    Math.floor(from.height * scaleH) !== to.height ||
    Math.floor(from.width * scaleW) !== to.width
  ) {
    throw unsupportedForm(operator, 'a factor that float32 rounds', 'whole factors');
  }
  let mode = 'asymmetric';
  if (options.bool(resizeSlots.halfPixelCenters)) mode = 'half_pixel';
  if (options.bool(resizeSlots.alignCorners)) mode = 'align_corners';
  const output = graph.value(outputOf(operator));
  const scales = graph.addTensor(`${output}/scales`, [4], Float32Array.of(1, 1, scaleH, scaleW));
  graph.addNode('Resize', [graph.value(input), '', scales], output, {
    mode: string('linear'),
    coordinate_transformation_mode: string(mode),
  });
}

/** Handled for whole factors, where it makes no difference which corner or centre is looked from. */
function convertResizeNearest(operator: TfliteOperator, graph: GraphBuilder): void {
  const [input] = operator.inputs as [number];
  const from = graph.shape(input);
  const to = graph.shape(outputOf(operator));
  const scaleH = to.height / from.height;
  const scaleW = to.width / from.width;
  const isAligned = operator.options?.bool(nearestSlots.alignCorners) ?? false;
  if (isAligned || !Number.isInteger(scaleH) || !Number.isInteger(scaleW)) {
    throw unsupportedForm(operator, 'aligned corners or a part of a factor', 'whole factors');
  }
  const output = graph.value(outputOf(operator));
  const scales = graph.addTensor(`${output}/scales`, [4], Float32Array.of(1, 1, scaleH, scaleW));
  graph.addNode('Resize', [graph.value(input), '', scales], output, {
    mode: string('nearest'),
    coordinate_transformation_mode: string('asymmetric'),
    nearest_mode: string('floor'),
  });
}

/** Over the last axis, channels. */
function convertSoftmax(operator: TfliteOperator, graph: GraphBuilder): void {
  const [input] = operator.inputs as [number];
  graph.shape(input); // Throws unless there are four axes.
  if (requireOptions(operator).float32(softmaxSlots.beta) !== 1) {
    throw unsupportedForm(operator, 'a beta other than 1', 'one with 1');
  }
  const output = graph.value(outputOf(operator));
  graph.addNode('Softmax', [graph.value(input)], output, { axis: int(toNchwAxis(3)) });
}

function convertSum(operator: TfliteOperator, graph: GraphBuilder): void {
  const [input, axes] = operator.inputs as [number, number];
  graph.shape(input); // Throws unless there are four axes.
  if (!requireOptions(operator).bool(reducerSlots.keepDims)) {
    throw unsupportedForm(operator, 'axes that vanish', 'a sum with kept axes');
  }
  const output = graph.value(outputOf(operator));
  // Axes may be counted from the end.
  const turned = graph.int32Constant(axes).map((axis) => BigInt(toNchwAxis((axis + 4) % 4)));
  const names = graph.addTensor(`${output}/axes`, [turned.length], BigInt64Array.from(turned));
  graph.addNode('ReduceSum', [graph.value(input), names], output, { keepdims: int(1) });
}
