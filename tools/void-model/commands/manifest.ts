import { dirname, relative, sep } from 'node:path';

import { FieldError } from '../../../src/inference/fields.ts';
import { parseManifest } from '../../../src/inference/manifest.ts';
import { misuse, parseCommandLine } from '../command-line.ts';
import type { Command } from '../command.ts';
import { draftOnnxManifest } from '../draft-onnx-manifest.ts';
import type { ModelFacts } from '../draft-onnx-manifest.ts';
import { readInput, writeOutput } from '../files.ts';
import { loadOnnx } from '../onnx/load.ts';
import { ToolError } from '../tool-error.ts';

const help = `void-model manifest: writes what the element has to know to run a model

Usage
  void-model manifest MODEL.onnx [-o FILE.json] [options]

Options
  -o, --output FILE   where to write it; without, it is printed
      --range LOW,HIGH what the levels 0 and 255 become, such as -1,1 (guessed: 0,1)
      --order ORDER    rgb or bgr (guessed: rgb)
      --kind KIND      what the numbers are: probability, softmax or logits (guessed by the last
                       operator)
      --classes A,B    names of the classes, the background first
      --size WxH       size of the picture, for models that leave it open
      --name NAME      what people call the model (the file's name)
      --license SPDX   its licence
      --source TEXT    where it comes from
  -h, --help           print this text

The manifest is checked as the element does, and has the file's hash: write it again when the model
changes. Name it as \`model\`.

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
    const facts: ModelFacts = {
      ...(name !== undefined && { name }),
      ...(license !== undefined && { license }),
      ...(source !== undefined && { source }),
      ...(classes !== undefined && { classes: classes.split(',').map((word) => word.trim()) }),
      ...(values.range !== undefined && { range: parseRange(values.range) }),
      ...(values.size !== undefined && { size: parseSize(values.size) }),
      ...(values.order !== undefined && {
        order: parseWord('order', values.order, ['rgb', 'bgr']),
      }),
      ...(values.kind !== undefined && {
        kind: parseWord('kind', values.kind, ['probability', 'softmax', 'logits']),
      }),
    };
    const model = await loadOnnx(input);
    const file = relative(output === undefined ? dirname(input) : dirname(output), input);
    const draft = draftOnnxManifest(
      model,
      await readInput(input),
      file.replaceAll(sep, '/'),
      facts,
    );
    requireSound(draft.manifest, draft.problems);
    const json = `${JSON.stringify(draft.manifest, null, 2)}\n`;
    if (output === undefined) return json.trimEnd();
    await writeOutput(output, json);
    const guesses =
      draft.guesses.length === 0
        ? 'nothing guessed'
        : `check what is guessed: ${draft.guesses.join(', ')}`;
    return `${output}: manifest of ${input}, ${guesses}`;
  },
};

function requireSound(manifest: unknown, problems: readonly string[]): void {
  if (problems.length > 0) {
    throw new ToolError(
      'unsupported-model',
      `The element cannot run the model. ${problems.join(' ')}`,
    );
  }
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
