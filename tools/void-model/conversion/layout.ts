/**
 * Operators that look at a tensor's axes or at the order of its numbers: what is NHWC in the model is NCHW here.
 */
import { ints } from '../onnx/graph.ts';
import type { TfliteOperator } from '../tflite/model.ts';
import type { GraphBuilder } from './graph-builder.ts';
import { outputOf, unsupportedForm } from './operator.ts';

/** For each axis in NCHW order, which one it is in NHWC. */
const nhwcAxes = [0, 3, 1, 2] as const;

/** Which axis in NCHW order an axis in NHWC is. */
export function toNchwAxis(nhwcAxis: number): number {
  return nhwcAxes.findIndex((axis) => axis === nhwcAxis);
}

/** Numbers keep their NHWC order, so it is turned there and back; runtimes merge what comes together of this. */
export function convertReshape(operator: TfliteOperator, graph: GraphBuilder): void {
  const [input] = operator.inputs as [number];
  graph.shape(input); // Throws unless there are four axes.
  const { batch, height, width, channels } = graph.shape(outputOf(operator));
  const output = graph.value(outputOf(operator));
  const dims = BigInt64Array.from([batch, height, width, channels].map(BigInt));
  const shape = graph.addTensor(`${output}/shape`, [4], dims);
  graph.addNode('Transpose', [graph.value(input)], `${output}/from-nhwc`, {
    perm: ints(0, 2, 3, 1),
  });
  graph.addNode('Reshape', [`${output}/from-nhwc`, shape], `${output}/to-nhwc`);
  graph.addNode('Transpose', [`${output}/to-nhwc`], output, { perm: ints(...nhwcAxes) });
}

/** Output axis `k` in NCHW is `nhwcAxes[k]` in NHWC, comes from there by the operator's order, and goes back. */
export function convertTranspose(operator: TfliteOperator, graph: GraphBuilder): void {
  const [input, order] = operator.inputs as [number, number];
  graph.shape(input); // Throws unless there are four axes.
  const axes = graph.int32Constant(order);
  if (axes.length !== 4) {
    throw unsupportedForm(operator, `an order of ${axes.length} axes`, 'a constant one of 4');
  }
  const perm = nhwcAxes.map((axis) => toNchwAxis(axes[axis] ?? axis));
  graph.addNode('Transpose', [graph.value(input)], graph.value(outputOf(operator)), {
    perm: ints(...perm),
  });
}
