/** What the conversions of operators share. */
import type { OnnxAttribute } from '../onnx/graph.ts';
import type { FlatTable } from '../tflite/flatbuffer.ts';
import type { TfliteOperator } from '../tflite/model.ts';
import { ToolError } from '../tool-error.ts';
import type { GraphBuilder } from './graph-builder.ts';

/** Adds to `graph` what computes the same as `operator`. */
export type Conversion = (operator: TfliteOperator, graph: GraphBuilder) => void;

/** `enum ActivationFunctionType` */
export const noActivation = 0;
const reluActivation = 1;

/** Adds a node and the activation that TensorFlow Lite folds into its options. */
export function addActivated(
  operator: TfliteOperator,
  graph: GraphBuilder,
  opType: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, OnnxAttribute>>,
  activation: number,
): void {
  const output = graph.value(outputOf(operator));
  if (activation === noActivation) {
    graph.addNode(opType, inputs, output, attributes);
  } else if (activation === reluActivation) {
    graph.addNode(opType, inputs, `${output}/linear`, attributes);
    graph.addNode('Relu', [`${output}/linear`], output);
  } else {
    throw unsupportedForm(operator, `fused activation ${activation}`, 'none or RELU');
  }
}

export function outputOf(operator: TfliteOperator): number {
  const [output] = operator.outputs as [number];
  return output;
}

export function requireOptions(operator: TfliteOperator): FlatTable {
  if (operator.options) return operator.options;
  throw new ToolError('not-tflite', `The model is damaged: a ${operator.name} has no options.`);
}

export function unsupportedForm(
  operator: TfliteOperator,
  found: string,
  supported: string,
): ToolError {
  return new ToolError(
    'unsupported-op',
    `The model has a ${operator.name} with ${found}; only ${supported} converts. ` +
      'Export the model without it, or extend tools/void-model/conversion/operators.ts.',
  );
}
