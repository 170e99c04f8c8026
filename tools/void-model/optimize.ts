import { findOpset } from './onnx/model.ts';
import type { OnnxModel } from './onnx/model.ts';
import type { OnnxGraph } from './onnx/graph.ts';
import { foldBatchNormalization } from './passes/fold-batch-normalization.ts';
import { foldConstants } from './passes/fold-constants.ts';
import { fuseHardSwish } from './passes/fuse-hard-swish.ts';
import { moveConvBeforeResize } from './passes/move-conv-before-resize.ts';
import { removeIdentities } from './passes/remove-identities.ts';
import { removeUnused } from './passes/remove-unused.ts';
import { storeWeightsAsFloat16 } from './passes/store-weights-as-float16.ts';
import { widenWeights } from './passes/widen-weights.ts';

/** First opset with HardSwish. */
const hardSwishOpset = 14;

/**
 * Rewrites a model so that it takes less work or fewer bytes and computes the same, but for rounding.
 * Inputs and outputs keep their names, types and sizes.
 *
 * @param report - Told the name of each step before it is taken.
 */
export async function optimizeModel(
  model: OnnxModel,
  report: (step: string) => void = () => {},
): Promise<OnnxModel> {
  report('working out constants');
  const folded = await foldConstants({
    ...model,
    graph: widenWeights(removeIdentities(model.graph)),
  });
  const passes: readonly (readonly [string, (graph: OnnxGraph) => OnnxGraph])[] = [
    ['putting batch normalizations into convolutions', foldBatchNormalization],
    ['moving convolutions before enlargements', moveConvBeforeResize],
    ['writing HardSwish', findOpset(model) >= hardSwishOpset ? fuseHardSwish : (graph) => graph],
    ['storing weights', storeWeightsAsFloat16],
    ['removing what is unused', removeUnused],
  ];
  let { graph } = folded;
  for (const [step, pass] of passes) {
    report(step);
    graph = pass(graph);
  }
  return { ...folded, graph };
}
