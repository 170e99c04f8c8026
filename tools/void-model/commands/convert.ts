import { basename, dirname, relative, sep } from 'node:path';

import { misuse, parseCommandLine } from '../command-line.ts';
import type { Command } from '../command.ts';
import { convertTflite } from '../convert.ts';
import { draftManifest, listSources } from '../draft-manifest.ts';
import { readInput, writeOutput } from '../files.ts';
import { readOnnx } from '../onnx/reader.ts';
import { readTfliteFacts } from '../tflite/facts.ts';
import { understandModel } from '../understand.ts';

const help = `void-model convert: turns a TensorFlow Lite model into ONNX (opset 17)

Usage
  void-model convert IN.tflite -o OUT.onnx [-m OUT.json] [--fp32]

Options
  -o, --output FILE   where to write the ONNX model (required)
  -m, --manifest FILE where to write a manifest: what the element has to know to run the model.
                      It is filled in from what the model says of itself, and what the element
                      makes of the rest. Name this file as \`model\`
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
    const plan = understandModel({
      name: basename(output),
      bytes: model,
      model: readOnnx(model),
      options: readTfliteFacts(source),
    });
    const about = { source: `${basename(input)}, converted by void-model` };
    const json = JSON.stringify(draftManifest(plan, model, file, about), null, 2);
    await writeOutput(manifest, `${json}\n`);
    return `${done}\n${manifest}: manifest, by ${listSources(plan, `what ${basename(input)} says`).join(', ')}`;
  },
};
