/**
 * How each TensorFlow Lite operator is written in ONNX. To support one more, add it to {@link conversions}.
 * Option slots are those of tensorflow/lite/schema/schema.fbs.
 */
import { string } from '../onnx/graph.ts';
import type { TfliteOperator } from '../tflite/model.ts';
import { convertConv2d, convertDepthwiseConv2d, convertTransposedConv } from './convolutions.ts';
import type { GraphBuilder } from './graph-builder.ts';
import {
  addActivated,
  noActivation,
  outputOf,
  requireOptions,
  unsupportedForm,
} from './operator.ts';
import type { Conversion } from './operator.ts';

const poolSlots = { filterW: 3, filterH: 4, activation: 5 };
const resizeSlots = { alignCorners: 2, halfPixelCenters: 3 };
const reducerSlots = { keepDims: 0 };
const binarySlots = { activation: 0 };

/** By name of the operator, in alphabetical order. */
export const conversions: ReadonlyMap<string, Conversion> = new Map([
  ['ADD', convertBinary('Add')],
  ['AVERAGE_POOL_2D', convertAveragePool],
  ['CONV_2D', convertConv2d],
  ['Convolution2DTransposeBias', convertTransposedConv],
  ['DEPTHWISE_CONV_2D', convertDepthwiseConv2d],
  ['DEQUANTIZE', convertDequantize],
  ['HARD_SWISH', convertUnary('HardSwish')],
  ['LOGISTIC', convertUnary('Sigmoid')],
  ['MEAN', convertMean],
  ['MUL', convertBinary('Mul')],
  ['RELU', convertUnary('Relu')],
  ['RESIZE_BILINEAR', convertResizeBilinear],
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
    for (const input of operator.inputs) {
      graph.shape(input); // Throws unless there are four axes.
      if (graph.findConstant(input)) {
        throw unsupportedForm(operator, 'a constant operand', 'two computed operands');
      }
    }
    const inputs = operator.inputs.map((input) => graph.value(input));
    const activation = operator.options?.uint8(binarySlots.activation) ?? noActivation;
    addActivated(operator, graph, opType, inputs, {}, activation);
  };
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
