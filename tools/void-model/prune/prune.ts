import type { OnnxGraph } from '../onnx/graph.ts';
import { chooseChannels } from './choose-channels.ts';
import type { Choice, PruneOptions } from './choose-channels.ts';
import { cutChannels } from './cut-channels.ts';
import { findChannels } from './find-channels.ts';

export interface PrunedGraph {
  readonly graph: OnnxGraph;
  readonly choice: Choice;
}

/**
 * Removes the channels that matter least to a network of convolutions, which becomes smaller and faster and, until it is
 * trained again, worse. Names, inputs and outputs stay.
 *
 * @param graph - Weights as float32 constants, batch normalization best folded into them: its factors are not looked at.
 */
export function pruneChannels(graph: OnnxGraph, options: PruneOptions): PrunedGraph {
  const analysis = findChannels(graph);
  const choice = chooseChannels(analysis, options);
  const isLeft = (channel: number): boolean => !choice.removed.has(analysis.ties.find(channel));
  return { graph: cutChannels(graph, analysis.cuts, isLeft), choice };
}
