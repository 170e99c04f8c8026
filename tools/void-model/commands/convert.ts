import { basename, dirname, relative, sep } from 'node:path';

import { misuse, parseCommandLine } from '../command-line.ts';
import type { Command } from '../command.ts';
import { convertTflite } from '../convert.ts';
import { draftManifest } from '../draft-manifest.ts';
import { readInput, writeOutput } from '../files.ts';

const help = `void-model convert: turns a TensorFlow Lite model into ONNX (opset 17)

Usage
  void-model convert IN.tflite -o OUT.onnx [-m OUT.json] [--fp32]

Options
  -o, --output FILE   where to write the ONNX model (required)
  -m, --manifest FILE where to write a manifest: what the element has to know to run the model.
                      It is filled in from what the model says of itself, and what that does
                      not tell is guessed and printed. Name this file as \`model\`
      --fp32          store weights as 32-bit floats. Without it, weights that 16 bits hold
                      exactly are stored in 16 bits and widened when the model loads: half
                      the size, the same results
  -h, --help          print this text

Input and output of the result have the names and the layout of the original (NHWC).

Examples
  void-model convert selfie_segmentation.tflite -o selfie.onnx
  void-model convert selfie_multiclass_256x256.tflite \\
    -o selfie-multiclass.onnx -m selfie-multiclass.json
  void-model convert selfie_segmentation.tflite -o selfie-fp32.onnx --fp32`;

interface ConvertOptions {
  readonly input: string;
  readonly output: string;
  /** Undefined: none is wanted. */
  readonly manifest: string | undefined;
  readonly float32: boolean;
}

function parseOptions(args: readonly string[]): ConvertOptions {
  const { input, values } = parseCommandLine('convert', args, 'a .tflite file', {
    output: { type: 'string', short: 'o' },
    manifest: { type: 'string', short: 'm' },
    fp32: { type: 'boolean' },
  });
  const { output, manifest, fp32: float32 = false } = values;
  if (output === undefined) {
    throw misuse('convert', 'Name the file to write with -o OUT.onnx.');
  }
  return { input, output, manifest, float32 };
}

/** `void-model convert IN.tflite -o OUT.onnx [-m OUT.json] [--fp32]` */
export const convertCommand: Command = {
  name: 'convert',
  summary: 'turn a TensorFlow Lite model into ONNX',
  help,
  async run(args) {
    const { input, output, manifest, float32 } = parseOptions(args);
    const source = await readInput(input);
    const model = convertTflite(source, { float32 });
    await writeOutput(output, model);
    const done = `${output}: ${model.byteLength} bytes, from ${source.byteLength}`;
    if (manifest === undefined) return done;
    const file = relative(dirname(manifest), output).replaceAll(sep, '/');
    const draft = draftManifest(source, basename(input), model, file);
    const json = `${JSON.stringify(draft.manifest, null, 2)}\n`;
    await writeOutput(manifest, json);
    const guesses =
      draft.guesses.length === 0
        ? 'all of it told by the model'
        : `check what the model does not tell: ${draft.guesses.join(', ')}`;
    return `${done}\n${manifest}: manifest, ${guesses}`;
  },
};
