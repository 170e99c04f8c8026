import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import type { Command } from '../command.ts';
import { convertTflite } from '../convert.ts';
import { ToolError } from '../tool-error.ts';

const help = `void-model convert: turns a TensorFlow Lite model into ONNX (opset 17)

Usage
  tsx tools/void-model/cli.ts convert IN.tflite -o OUT.onnx [--fp32]

Options
  -o, --output FILE   where to write the ONNX model (required)
      --fp32          store weights as 32-bit floats. Without it, weights that 16 bits hold
                      exactly are stored in 16 bits and widened when the model loads: half
                      the size, the same results
  -h, --help          print this text

Input and output of the result have the names and the layout of the original (NHWC).

Examples
  tsx tools/void-model/cli.ts convert selfie_segmentation.tflite -o selfie.onnx
  tsx tools/void-model/cli.ts convert selfie_segmentation.tflite -o selfie-fp32.onnx --fp32`;

interface ConvertOptions {
  readonly input: string;
  readonly output: string;
  readonly float32: boolean;
}

function parseOptions(args: readonly string[]): ConvertOptions {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { output: { type: 'string', short: 'o' }, fp32: { type: 'boolean' } },
    });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ToolError('usage', `${reason.replace(/\.?$/, '.')} See "convert --help".`, { cause });
  }
  const [input, ...extra] = parsed.positionals;
  const { output, fp32: float32 = false } = parsed.values;
  if (input === undefined || extra.length > 0) {
    throw new ToolError('usage', 'convert takes exactly one .tflite file. See "convert --help".');
  }
  if (output === undefined) {
    throw new ToolError('usage', 'Name the file to write with -o OUT.onnx. See "convert --help".');
  }
  return { input, output, float32 };
}

async function withFile<T>(verb: string, path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ToolError('file', `Cannot ${verb} "${path}": ${reason}.`, { cause });
  }
}

/** `void-model convert IN.tflite -o OUT.onnx [--fp32]` */
export const convertCommand: Command = {
  name: 'convert',
  summary: 'turn a TensorFlow Lite model into ONNX',
  help,
  async run(args) {
    const { input, output, float32 } = parseOptions(args);
    const source = await withFile('read', input, readFile(input));
    const model = convertTflite(source, { float32 });
    await withFile('write', output, writeFile(output, model));
    return `${output}: ${model.byteLength} bytes, from ${source.byteLength}`;
  },
};
