import type { OnnxGraph, OnnxNode } from '../onnx/graph.ts';
import { isTakenOnceBy } from './consumers.ts';

/**
 * Writes `x * HardSigmoid(x)` with a slope of 1/6 as HardSwish, which is the same by definition: one operator on
 * WebGPU in place of two. ONNX Runtime's CPU provider takes it apart again, so nothing changes there. It is in ONNX from
 * opset 14 on.
 */
export function fuseHardSwish(graph: OnnxGraph): OnnxGraph {
  let result = graph;
  for (const product of graph.nodes) {
    const gate = findGate(result, product);
    if (!gate) continue;
    const fused: OnnxNode = {
      name: product.name,
      opType: 'HardSwish',
      inputs: gate.inputs,
      outputs: product.outputs,
      attributes: {},
    };
    const nodes = result.nodes.filter((node) => node !== gate);
    result = { ...result, nodes: nodes.map((node) => (node === product ? fused : node)) };
  }
  return result;
}

/** The HardSigmoid that the product multiplies with its own input. */
function findGate(graph: OnnxGraph, product: OnnxNode): OnnxNode | undefined {
  if (product.opType !== 'Mul' || product.domain) return undefined;
  const [a, b] = product.inputs;
  return graph.nodes.find((gate) => {
    const [x] = gate.inputs;
    const [y] = gate.outputs;
    const isOfSame = (a === x && b === y) || (a === y && b === x);
    return isOfSame && hasSlopeOfHardSwish(gate) && isTakenOnceBy(graph, gate, product);
  });
}

function hasSlopeOfHardSwish({ opType, domain, attributes: { alpha, beta } }: OnnxNode): boolean {
  return (
    opType === 'HardSigmoid' &&
    !domain &&
    alpha?.kind === 'float' &&
    Math.fround(alpha.value) === Math.fround(1 / 6) &&
    (beta === undefined || (beta.kind === 'float' && beta.value === 0.5))
  );
}
