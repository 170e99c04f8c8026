import { basename, dirname, relative, sep } from 'node:path';

import { FieldError } from '../../../src/inference/fields.ts';
import { parseManifest } from '../../../src/inference/manifest.ts';
import type { ModelOptions } from '../../../src/model-options.ts';
import { misuse, parseCommandLine } from '../command-line.ts';
import type { Command } from '../command.ts';
import { draftManifest, listSources } from '../draft-manifest.ts';
import { readInput, writeOutput } from '../files.ts';
import { loadOnnx } from '../onnx/load.ts';
import { ToolError } from '../tool-error.ts';
import { understandModel } from '../understand.ts';

const help = `void-model manifest: writes what the element has to know to run a model

Usage
  void-model manifest MODEL.onnx [-o FILE.json] [options]

Options
  -o, --output FILE   where to write it; without, it is printed
      --range LOW,HIGH what the levels 0 and 255 become, such as -1,1
      --order ORDER    rgb or bgr
      --kind KIND      what the numbers are: probability, alpha, softmax, logits or categories
      --classes A,B    names of the classes, the background first
      --size WxH       size of the picture, for models that leave it open
      --name NAME      what people call the model (the file's name)
      --license SPDX   its licence
      --source TEXT    where it comes from
  -h, --help           print this text

What the options do not say is what the element makes of the model: by its metadata, as one of a
family that it knows, by shapes and operators. What nothing tells has to be said. The manifest has
the size and the hash of the file: write it again when the model changes. Name it as \`model\`.

Examples
  void-model manifest selfie.onnx -o selfie.json
  void-model manifest portrait.onnx -o portrait.json --range=-1,1 --kind logits \\
    --classes background,person`;

/** `void-model manifest MODEL.onnx [-o FILE.json] [options]` */
export const manifestCommand: Command = {
  name: 'manifest',
  summary: 'write what the element has to know to run a model',
  help,
  async run(args) {
    const { input, values } = parseCommandLine('manifest', args, 'an .onnx file', {
      output: { type: 'string', short: 'o' },
      range: { type: 'string' },
      order: { type: 'string' },
      kind: { type: 'string' },
      classes: { type: 'string' },
      size: { type: 'string' },
      name: { type: 'string' },
      license: { type: 'string' },
      source: { type: 'string' },
    });
    const { output, name, license, source, classes } = values;
    const options: ModelOptions = {
      input: {
        ...(values.range !== undefined && { range: parseRange(values.range) }),
        ...(values.order !== undefined && {
          order: parseWord('order', values.order, ['rgb', 'bgr']),
        }),
        ...(values.size !== undefined && parseSize(values.size)),
      },
      output: {
        ...(values.kind !== undefined && { kind: parseWord('kind', values.kind, kinds) }),
        ...(classes !== undefined && { classes: classes.split(',').map((word) => word.trim()) }),
      },
    };
    const bytes = await readInput(input);
    const plan = understandModel({
      name: basename(input),
      bytes,
      model: await loadOnnx(input),
      options,
    });
    const file = relative(dirname(output ?? input), input).replaceAll(sep, '/');
    const manifest = draftManifest(plan, bytes, file, { name, license, source });
    assertParses(manifest);
    const json = JSON.stringify(manifest, null, 2);
    if (output === undefined) return json;
    await writeOutput(output, `${json}\n`);
    return `${output}: manifest of ${input}, by ${listSources(plan, 'what you say').join(', ')}`;
  },
};

const kinds = ['probability', 'alpha', 'softmax', 'logits', 'categories'] as const;

/** Texts such as the name are the user's own. */
function assertParses(manifest: unknown): void {
  try {
    parseManifest(manifest);
  } catch (cause) {
    if (!(cause instanceof FieldError)) throw cause;
    throw new ToolError('unsupported-model', `The manifest would be refused: ${cause.message}`, {
      cause,
    });
  }
}

function parseRange(text: string): readonly [number, number] {
  const [low = NaN, high = NaN, ...rest] = text.split(',').map(Number);
  if (rest.length === 0 && Number.isFinite(low) && Number.isFinite(high)) return [low, high];
  throw misuse('manifest', `--range wants two numbers such as --range=-1,1, not "${text}".`);
}

function parseSize(text: string): { readonly width: number; readonly height: number } {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  if (width !== undefined) return { width: Number(width), height: Number(height) };
  throw misuse('manifest', `--size wants WIDTHxHEIGHT such as 256x144, not "${text}".`);
}

function parseWord<T extends string>(option: string, text: string, words: readonly T[]): T {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw misuse('manifest', `--${option} wants ${words.join(' or ')}, not "${text}".`);
}
