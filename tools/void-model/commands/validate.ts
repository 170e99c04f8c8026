import { basename } from 'node:path';

import type { Command } from '../command.ts';
import { convertTflite } from '../convert.ts';
import { readInput } from '../files.ts';
import { findUse } from '../manifest-file.ts';
import { readOnnx } from '../onnx/reader.ts';
import { measureModels } from '../measure/measure-models.ts';
import type { NamedModel } from '../measure/measure-models.ts';
import { describeMachine, describeRun, formatComparison } from '../measure/report.ts';
import type { ReportedModel } from '../measure/report.ts';
import { listPictures } from '../pictures/folder.ts';
import { countProgress } from '../progress.ts';
import { misuse, parseArguments, parseCount } from '../command-line.ts';

const help = `void-model validate: compares two models on pictures, before one takes the place of the other

Usage
  void-model validate A B --images DIR [options]

A is the one to trust, B the one that is to replace it. Both are .onnx, or .tflite, which is
converted in memory. The table says how large and how fast they are, how far B's probabilities
are from A's, and how well the foregrounds agree (intersection over union).

Options
      --images DIR     a folder of JPEG and PNG pictures such as the model will see (required)
      --limit N        look at no more than N of them, spread over the folder
  -m, --manifest FILE  how both take their pixels and what they answer. Default: A's name with
                       .json, if there is such a file; else RGB from 0 to 1, and the numbers tell
                       whether they are probabilities
      --threads N      threads of the runtime (default 1)
      --runs N         time each model in at least as many runs (default 20)
      --json           print the numbers as JSON
  -h, --help           print this text

Models run on ONNX Runtime Web's WebAssembly, as in a browser that has no WebGPU, one run of each
in turns. Times of a busy machine are worth little; compare the fastest.

Examples
  void-model validate selfie.onnx selfie-int8.onnx --images photos
  void-model validate selfie.tflite selfie.onnx --images photos --limit 20 --json`;

function parseOptions(args: readonly string[]) {
  const { values, positionals } = parseArguments('validate', args, {
    images: { type: 'string' },
    limit: { type: 'string' },
    manifest: { type: 'string', short: 'm' },
    threads: { type: 'string' },
    runs: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [a, b, ...extra] = positionals;
  if (a === undefined || b === undefined || extra.length > 0) {
    throw misuse('validate', 'validate takes exactly two models.');
  }
  if (values.images === undefined) {
    throw misuse('validate', 'Name a folder of pictures with --images DIR.');
  }
  return {
    a,
    b,
    images: values.images,
    limit: parseCount('validate', 'limit', values.limit ?? '1000000', 1e6),
    manifest: values.manifest,
    threads: parseCount('validate', 'threads', values.threads ?? '1', 64),
    runs: parseCount('validate', 'runs', values.runs ?? '20', 1e6),
    json: values.json ?? false,
  };
}

/** `void-model validate A B --images DIR [--limit N] [-m FILE] [--threads N] [--runs N] [--json]` */
export const validateCommand: Command = {
  name: 'validate',
  summary: 'compare two models on pictures: difference, speed, size',
  help,
  async run(args) {
    const { a, b, images, limit, manifest: named, threads, runs, json } = parseOptions(args);
    const models = [await readModel(a), await readModel(b)] as const;
    const [{ onnx }] = models;
    const manifest = await findUse(a, named, onnx, readOnnx(onnx));
    const pictures = await listPictures(images, limit);
    const onProgress = countProgress('pictures', pictures.length);
    const options = { pictures, manifest, threads, runs, onProgress };
    const comparison = await measureModels(models, options);
    if (!json) {
      return `${formatComparison(models, comparison)}\n\n${describeRun(comparison, threads)}`;
    }
    const described = models.map(({ name, sizeBytes }) => ({ name, sizeBytes }));
    return JSON.stringify(
      { models: described, ...comparison, threads, machine: describeMachine() },
      null,
      2,
    );
  },
};

/** A model as the runtime takes it, and how large its file is. */
async function readModel(path: string): Promise<NamedModel & ReportedModel> {
  const file = await readInput(path);
  const onnx = /\.tflite$/i.test(path) ? convertTflite(file) : file;
  return { name: basename(path), onnx, sizeBytes: file.byteLength };
}
