import { countMacs } from '../analysis/count-macs.ts';
import { inferShapes } from '../analysis/infer-shapes.ts';
import type { Command } from '../command.ts';
import { readInput, writeOutput } from '../files.ts';
import { findUse } from '../manifest-file.ts';
import { countElements } from '../onnx/element-type.ts';
import type { OnnxGraph } from '../onnx/graph.ts';
import { loadOnnx } from '../onnx/load.ts';
import { writeModel } from '../onnx/writer.ts';
import { storeWeightsAsFloat16 } from '../passes/store-weights-as-float16.ts';
import { widenWeights } from '../passes/widen-weights.ts';
import { listPictures } from '../pictures/folder.ts';
import { pruneChannels } from '../prune/prune.ts';
import { misuse, parseArguments, parseCount, parseNumber } from '../command-line.ts';
import { reportCost } from './cost.ts';

const help = `void-model prune: removes the channels of convolutions that matter least, to be trained again

Usage
  void-model prune MODEL.onnx -o OUT.onnx --ratio R [options]

Channels whose filters are small are taken out of the model, with everything that goes with them:
the inputs of the convolutions that follow, biases, normalizations, depthwise filters. Channels that
an Add or a Mul ties go together; channels that reach an output of the model, or an operator through
which they cannot be followed (Reshape, Transpose, Split, a grouped convolution, …), stay.

Options
  -o, --output FILE    where to write the result (required)
      --ratio R        share of each layer's channels to remove, such as 0.3 (required)
      --norm NAME      how to measure a filter: l1, the sum of its sizes (default), or l2
      --multiple N     leave a multiple of N channels, the nearest: runtimes compute four at once
                       (default 4)
      --images DIR     pictures to compare the two models on
      --limit N        use no more than N of them, spread over the folder (default 100)
  -m, --manifest FILE  how the model takes its pixels. Default: MODEL.json, if there is one
      --threads N      threads of the runtime (default 1)
      --runs N         time each model in at least as many runs (default 20)
  -h, --help           print this text

A pruned model is a start for training, not an end: load its weights into the same smaller network
and train that until its masks are right again. Fold batch normalizations first: void-model optimize.

Examples
  void-model prune modnet.onnx -o modnet-small.onnx --ratio 0.3 --images photos
  void-model prune modnet.onnx -o modnet-half.onnx --ratio 0.5 --norm l2 --multiple 8`;

function parseOptions(args: readonly string[]) {
  const { values, positionals } = parseArguments('prune', args, {
    output: { type: 'string', short: 'o' },
    ratio: { type: 'string' },
    norm: { type: 'string', default: 'l1' },
    multiple: { type: 'string', default: '4' },
    images: { type: 'string' },
    limit: { type: 'string', default: '100' },
    manifest: { type: 'string', short: 'm' },
    threads: { type: 'string', default: '1' },
    runs: { type: 'string', default: '20' },
  });
  const [input, ...extra] = positionals;
  const { output, ratio, norm, images, manifest } = values;
  if (input === undefined || extra.length > 0) {
    throw misuse('prune', 'prune takes exactly one .onnx file.');
  }
  if (output === undefined) throw misuse('prune', 'Name the file to write with -o OUT.onnx.');
  if (ratio === undefined) throw misuse('prune', 'Say how much to remove, such as --ratio 0.3.');
  if (norm !== 'l1' && norm !== 'l2') throw misuse('prune', '--norm is "l1" or "l2".');
  return {
    input,
    output,
    norm,
    ratio: parseNumber('prune', 'ratio', ratio, 0, 0.95),
    multiple: parseCount('prune', 'multiple', values.multiple, 64),
    images,
    limit: parseCount('prune', 'limit', values.limit, 1e6),
    manifest,
    threads: parseCount('prune', 'threads', values.threads, 64),
    runs: parseCount('prune', 'runs', values.runs, 1e6),
  } as const;
}

/** `void-model prune MODEL.onnx -o OUT.onnx --ratio R` */
export const pruneCommand: Command = {
  name: 'prune',
  summary: 'remove channels, to be trained again',
  help,
  async run(args) {
    const options = parseOptions(args);
    const { input, output, images, limit, threads, runs } = options;
    const original = await loadOnnx(input);
    const file = await readInput(input);
    const manifest = await findUse(input, options.manifest, file, original);
    const before = widenWeights(original.graph);
    const { graph, choice } = pruneChannels(before, options);
    if (choice.removed.size === 0) {
      return `Nothing was removed: of ${choice.total} channels ${choice.kept} cannot be, and the others are too few for this ratio. ${output} was not written.`;
    }
    // As the original stored them, where it did in 16 bits.
    const isStoredNarrow = before !== original.graph && hasFloat16(original.graph);
    const stored = isStoredNarrow ? storeWeightsAsFloat16(graph) : graph;
    const onnx = writeModel({ ...original, graph: stored });
    await writeOutput(output, onnx);
    const pictures = images === undefined ? [] : await listPictures(images, limit);
    const cost = await reportCost(
      { path: input, onnx: file },
      { path: output, onnx },
      { pictures, manifest, threads, runs },
    );
    return [
      `Removed ${choice.removed.size} of ${choice.total} channels; ${choice.kept} cannot be removed.`,
      `multiplications  ${describeChange(countMultiplications(before), countMultiplications(graph))}`,
      `parameters       ${describeChange(countParameters(before), countParameters(graph))}`,
      '',
      cost,
      '',
      'The masks are worse until the network is trained again in this smaller form.',
    ].join('\n');
  },
};

function hasFloat16({ tensors }: OnnxGraph): boolean {
  return tensors.some(({ data }) => data instanceof Uint16Array);
}

function countMultiplications(graph: OnnxGraph): number {
  return countMacs(graph, inferShapes(graph)).macs;
}

function countParameters({ tensors }: OnnxGraph): number {
  const floats = tensors.filter(({ data }) => data instanceof Float32Array);
  return floats.reduce((sum, { dims }) => sum + countElements(dims), 0);
}

function describeChange(before: number, after: number): string {
  const ratio = (after / before).toFixed(2);
  return `${before.toLocaleString('en-US')} to ${after.toLocaleString('en-US')}, x ${ratio}`;
}
