import type { OnnxGraph, OnnxNode } from '../onnx/graph.ts';
import type { Shapes } from './infer-shapes.ts';
import { countKnown, intOf } from './integers.ts';

/** Multiplications with an addition. */
export interface MacCount {
  readonly macs: number;
  /** Nodes that multiply, whose sizes are not known. */
  readonly unknown: number;
}

/** Counts the multiplications of convolutions and matrix products, which is nearly all of them in models for pictures. */
export function countMacs(graph: OnnxGraph, shapes: Shapes): MacCount {
  const counts = graph.nodes.map((node) => macsOf(node, shapes));
  return {
    macs: counts.reduce<number>((sum, count) => sum + (count ?? 0), 0),
    unknown: counts.filter((count) => count === null).length,
  };
}

/** Multiplications of a node; null if its sizes are not known. */
function macsOf({ opType, inputs, outputs, attributes }: OnnxNode, shapes: Shapes): number | null {
  const shapeOf = (name = '') => shapes.get(name);
  const output = countKnown(shapeOf(outputs[0]));
  const weights = shapeOf(inputs[1]);
  switch (opType) {
    case 'Conv':
    case 'FusedConv':
      return multiply(output, countKnown(weights?.slice(1)));
    case 'ConvTranspose':
      return multiply(countKnown(shapeOf(inputs[0])), countKnown(weights?.slice(1)));
    case 'Gemm':
      return multiply(
        output,
        countKnown(weights && [weights[intOf(attributes['transB'], 0)] ?? null]),
      );
    case 'MatMul':
      return multiply(output, countKnown(weights && [weights.at(-2) ?? null]));
    default:
      return 0;
  }
}

function multiply(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a * b;
}
