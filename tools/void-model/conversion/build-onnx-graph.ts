import { ints } from '../onnx/graph.ts';
import type { OnnxGraph, OnnxValue } from '../onnx/graph.ts';
import type { TfliteModel } from '../tflite/model.ts';
import { ToolError } from '../tool-error.ts';
import { GraphBuilder } from './graph-builder.ts';
import { conversions } from './operators.ts';

/**
 * Writes a TensorFlow Lite model as an ONNX graph, operator by operator. Inside it is NCHW, which is what
 * ONNX's operators are defined for; a Transpose at each end keeps the outside NHWC.
 *
 * @throws ToolError `unsupported-op` that names every operator without a conversion.
 */
export function buildOnnxGraph(model: TfliteModel): OnnxGraph {
  requireConversions(model);
  const builder = new GraphBuilder(model);
  const inputs = model.inputs.map((index) => describeValue(model, index));
  const outputs = model.outputs.map((index) => describeValue(model, index));
  for (const [order, index] of model.inputs.entries()) {
    const { name } = inputs[order] as OnnxValue;
    builder.addNode('Transpose', [name], builder.value(index), { perm: ints(0, 3, 1, 2) });
  }
  for (const operator of model.operators) conversions.get(operator.name)?.(operator, builder);
  for (const [order, index] of model.outputs.entries()) {
    const { name } = outputs[order] as OnnxValue;
    builder.addNode('Transpose', [builder.value(index)], name, { perm: ints(0, 2, 3, 1) });
  }
  return { name: model.name, inputs, outputs, tensors: builder.tensors, nodes: builder.nodes };
}

function requireConversions(model: TfliteModel): void {
  const missing = new Set(
    model.operators.map(({ name }) => name).filter((name) => !conversions.has(name)),
  );
  if (missing.size === 0) return;
  throw new ToolError(
    'unsupported-op',
    `The model uses operators that have no conversion yet: ${[...missing].join(', ')}. ` +
      'Export it without them, or add them to tools/void-model/conversion/operators.ts. ' +
      `Supported: ${[...conversions.keys()].join(', ')}.`,
  );
}

/** An input or output, which must be a float32 picture. */
function describeValue(model: TfliteModel, index: number): OnnxValue {
  const tensor = model.tensors[index];
  if (tensor?.type !== 'float32' || tensor.shape.length !== 4) {
    throw new ToolError(
      'unsupported-model',
      `Input or output "${tensor?.name ?? index}" is not float32 with four axes; nothing else converts.`,
    );
  }
  return { name: tensor.name, dims: tensor.shape };
}
