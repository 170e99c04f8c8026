import { countMacs } from '../analysis/count-macs.ts';
import { fixDims, inferShapes } from '../analysis/infer-shapes.ts';
import { allNodes } from '../analysis/inspect.ts';
import { misuse, parseCommandLine } from '../command-line.ts';
import type { Command } from '../command.ts';
import { compareModels } from '../compare-models.ts';
import { writeOutput } from '../files.ts';
import { loadOnnx } from '../onnx/load.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { writeModel } from '../onnx/writer.ts';
import { optimizeModel } from '../optimize.ts';
import { reportProgress } from '../progress.ts';
import { ToolError } from '../tool-error.ts';
import { format, parseDims } from './inspect.ts';

/** Random inputs that both models are run on. */
const rounds = 3;
/** What is taken for rounding, against the largest number that the model answers. */
const defaultTolerance = 1e-3;

const help = `void-model optimize: rewrites a model so that it takes less work and computes the same

Usage
  void-model optimize MODEL.onnx -o OUT.onnx [--dim NAME=SIZE]... [--tolerance X]

Options
  -o, --output FILE   where to write the result (required)
      --dim NAME=SIZE fixes a size that the model leaves open, such as batch=1: more can be worked
                      out then, and the result has that size for good
      --tolerance X   how far answers may be apart, as a part of the largest (${defaultTolerance})
  -h, --help          print this text

Rewrites
  exact     constants worked out, also sizes; Identity, Dropout and what is unused removed;
            x * HardSigmoid(x) as HardSwish; float32 weights that 16 bits hold exactly stored so
  rounding  BatchNormalization put into the convolution before it; a 1x1 convolution after a linear
            enlargement done before it

The result is run beside the original, on ${rounds} random inputs and ONNX Runtime Web's WebAssembly, and
is not written if the answers are further apart than rounding explains.

Examples
  void-model optimize portrait.onnx -o portrait.small.onnx
  void-model optimize modnet.onnx -o modnet.512.onnx --dim batch_size=1 --dim height=512 --dim width=512`;

/** `void-model optimize MODEL.onnx -o OUT.onnx [--dim NAME=SIZE]... [--tolerance X]` */
export const optimizeCommand: Command = {
  name: 'optimize',
  summary: 'rewrite a model so that it takes less work and computes the same',
  help,
  async run(args) {
    const { input, values } = parseCommandLine('optimize', args, 'an .onnx file', {
      output: { type: 'string', short: 'o' },
      dim: { type: 'string', multiple: true },
      tolerance: { type: 'string' },
    });
    const { output } = values;
    if (output === undefined) throw misuse('optimize', 'Name the file to write with -o OUT.onnx.');
    const tolerance = Number(values.tolerance ?? defaultTolerance);
    if (!(tolerance >= 0)) {
      throw misuse('optimize', `--tolerance wants a number, not "${values.tolerance ?? ''}".`);
    }
    const read = await loadOnnx(input);
    const dims = parseDims('optimize', values.dim ?? []);
    const before = { ...read, graph: fixDims(read.graph, dims) };
    const after = await optimizeModel(before, reportProgress);
    reportProgress('comparing');
    const { max, scale } = await compareModels(before, after, rounds);
    if (!(max <= tolerance * scale)) {
      throw new ToolError(
        'unsupported-model',
        `The rewritten model answers differently: by up to ${max.toExponential(1)}, where the largest number is ` +
          `${scale.toPrecision(3)}. Nothing was written. Allow it with --tolerance if it may.`,
      );
    }
    const bytes = writeModel(after);
    await writeOutput(output, bytes);
    return [
      `${output}: largest difference ${max === 0 ? '0' : max.toExponential(1)}, of numbers up to ${scale.toPrecision(3)}`,
      formatRow('', 'before', 'after'),
      formatRow('nodes', ...both(before, after, ({ graph }) => allNodes(graph).length)),
      formatRow('bytes', ...both(before, after, (model) => writeModel(model).byteLength)),
      formatRow('multiplications', ...both(before, after, countAllMacs)),
    ].join('\n');
  },
};

function countAllMacs({ graph }: OnnxModel): number {
  return countMacs(graph, inferShapes(graph)).macs;
}

function both(
  before: OnnxModel,
  after: OnnxModel,
  measure: (model: OnnxModel) => number,
): [string, string] {
  return [format(measure(before)), format(measure(after))];
}

function formatRow(label: string, before: string, after: string): string {
  return `  ${label.padEnd(16)}${before.padStart(16)}${after.padStart(16)}`;
}
