import type { ModelManifest } from '../../../src/inference/manifest.ts';
import type { Command } from '../command.ts';
import { readInput, writeOutput } from '../files.ts';
import { findUse } from '../manifest-file.ts';
import { createFeed } from '../measure/measure-models.ts';
import { loadOnnx } from '../onnx/load.ts';
import { findOpset } from '../onnx/model.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { writeModel } from '../onnx/writer.ts';
import { storeWeightsAsFloat16 } from '../passes/store-weights-as-float16.ts';
import { widenWeights } from '../passes/widen-weights.ts';
import type { Picture } from '../pictures/decode.ts';
import { listPictures } from '../pictures/folder.ts';
import type { PictureFile } from '../pictures/folder.ts';
import { countProgress } from '../progress.ts';
import { measureRanges } from '../quantize/calibrate.ts';
import { quantizeDynamic } from '../quantize/dynamic.ts';
import { computeInFloat16 } from '../quantize/float16.ts';
import { activationsToMeasure, quantizeStatic } from '../quantize/static.ts';
import { ToolError } from '../tool-error.ts';
import { misuse, parseArguments, parseCount, parseNumber } from '../command-line.ts';
import { reportCost } from './cost.ts';

const help = `void-model quantize: stores or computes a model in fewer bits, and measures what that costs

Usage
  void-model quantize MODEL.onnx -o OUT.onnx METHOD [options]

Methods
      --fp16-weights       store weights in 16 bits, widened when the model loads: half the size, the
                           same speed
      --fp16               compute in 16 bits. Inputs and outputs stay float32
      --fp16-io            the same, and inputs and outputs are float16 too
      --int8 static        convolutions and matrix products in 8 bits, with ranges of what is between
                           them measured beforehand on the pictures of --calibrate
      --int8 dynamic       the same with ranges that are found each time the model runs

Options
  -o, --output FILE        where to write the result (required)
      --calibrate DIR      pictures to measure ranges on, such as the model will see; 20 to 100 do
      --percentile P       how many percent of the values of a picture its range has to hold
                           (default 100: all)
      --images DIR         pictures to compare the two models on. Default: those of --calibrate
      --limit N            use no more than N of either, spread over the folder (default 100)
  -m, --manifest FILE      how the model takes its pixels. Default: MODEL.json, if there is one
      --threads N          threads of the runtime (default 1)
      --runs N             time each model in at least as many runs (default 20)
  -h, --help               print this text

What it prints afterwards was measured on this machine, with ONNX Runtime Web's WebAssembly. Fewer
bits are no promise of speed: on WebAssembly float16 is widened for each operator, and integers pay
only where most of the time is in large convolutions. Look at the table before you ship.

Examples
  void-model quantize modnet.onnx -o modnet-small.onnx --fp16-weights
  void-model quantize selfie.onnx -o selfie-int8.onnx --int8 static \\
    --calibrate photos --percentile 99.99`;

type Method = 'fp16-weights' | 'fp16' | 'fp16-io' | 'static' | 'dynamic';

interface QuantizeOptions {
  readonly input: string;
  readonly output: string;
  readonly method: Method;
  readonly calibrate: string | undefined;
  readonly percentile: number;
  readonly images: string | undefined;
  readonly limit: number;
  readonly manifest: string | undefined;
  readonly threads: number;
  readonly runs: number;
}

function parseOptions(args: readonly string[]): QuantizeOptions {
  const { values, positionals } = parseArguments('quantize', args, {
    output: { type: 'string', short: 'o' },
    'fp16-weights': { type: 'boolean' },
    fp16: { type: 'boolean' },
    'fp16-io': { type: 'boolean' },
    int8: { type: 'string' },
    calibrate: { type: 'string' },
    percentile: { type: 'string', default: '100' },
    images: { type: 'string' },
    limit: { type: 'string', default: '100' },
    manifest: { type: 'string', short: 'm' },
    threads: { type: 'string', default: '1' },
    runs: { type: 'string', default: '20' },
  });
  const [input, ...extra] = positionals;
  const { output, calibrate, images, manifest } = values;
  if (input === undefined || extra.length > 0) {
    throw misuse('quantize', 'quantize takes exactly one .onnx file.');
  }
  if (output === undefined) throw misuse('quantize', 'Name the file to write with -o OUT.onnx.');
  const method = pickMethod(values);
  if (method === 'static' && calibrate === undefined) {
    throw misuse('quantize', '--int8 static measures ranges: name a folder with --calibrate DIR.');
  }
  return {
    input,
    output,
    method,
    calibrate,
    percentile: parseNumber('quantize', 'percentile', values.percentile, 50, 100),
    images: images ?? calibrate,
    limit: parseCount('quantize', 'limit', values.limit, 1e6),
    manifest,
    threads: parseCount('quantize', 'threads', values.threads, 64),
    runs: parseCount('quantize', 'runs', values.runs, 1e6),
  };
}

interface MethodOptions {
  readonly 'fp16-weights'?: boolean;
  readonly fp16?: boolean;
  readonly 'fp16-io'?: boolean;
  readonly int8?: string;
}

function pickMethod({ int8, ...flags }: MethodOptions): Method {
  const chosen = (['fp16-weights', 'fp16', 'fp16-io'] as const).filter((name) => flags[name]);
  const methods: Method[] = [...chosen];
  if (int8 === 'static' || int8 === 'dynamic') methods.push(int8);
  else if (int8 !== undefined) throw misuse('quantize', '--int8 is "static" or "dynamic".');
  const [method, ...others] = methods;
  if (method !== undefined && others.length === 0) return method;
  throw misuse(
    'quantize',
    'Choose one of --fp16-weights, --fp16, --fp16-io, --int8 static and --int8 dynamic.',
  );
}

/** `void-model quantize MODEL.onnx -o OUT.onnx METHOD` */
export const quantizeCommand: Command = {
  name: 'quantize',
  summary: 'store or compute a model in fewer bits',
  help,
  async run(args) {
    const options = parseOptions(args);
    const { input, output, threads, runs, limit, images } = options;
    const original = await loadOnnx(input);
    const file = await readInput(input);
    const manifest = await findUse(input, options.manifest, file, original);
    const onnx = writeModel(await quantize(original, options, manifest));
    await writeOutput(output, onnx);
    const pictures = images === undefined ? [] : await listPictures(images, limit);
    const before = { path: input, onnx: file };
    return reportCost(before, { path: output, onnx }, { pictures, manifest, threads, runs });
  },
};

async function quantize(
  original: OnnxModel,
  options: QuantizeOptions,
  manifest: ModelManifest | null,
): Promise<OnnxModel> {
  const model = { ...original, graph: widenWeights(original.graph) };
  const { graph } = model;
  switch (options.method) {
    case 'fp16-weights':
      return { ...model, graph: storeWeightsAsFloat16(graph, { isRounding: true }) };
    case 'fp16':
      return { ...model, graph: computeInFloat16(graph, { isInterfaceFloat16: false }) };
    case 'fp16-io':
      return { ...model, graph: computeInFloat16(graph, { isInterfaceFloat16: true }) };
    case 'dynamic':
      requireOpset(model);
      return { ...model, graph: quantizeDynamic(graph) };
    case 'static': {
      requireOpset(model);
      const pictures = await listPictures(options.calibrate ?? '', options.limit);
      const ranges = await measureRanges(model, activationsToMeasure(graph), read(pictures), {
        feed: (session) => createFeed(session, manifest, options.input, true),
        percentile: options.percentile,
        threads: options.threads,
        onProgress: countProgress('measuring ranges', pictures.length),
      });
      return { ...model, graph: quantizeStatic(graph, ranges) };
    }
    default:
      return options.method satisfies never;
  }
}

/** Since when DequantizeLinear takes a scale for each channel. */
const integerOpset = 13;

function requireOpset(model: OnnxModel): void {
  const opset = findOpset(model);
  if (opset >= integerOpset) return;
  throw new ToolError(
    'unsupported-model',
    `The model is of opset ${opset}; integers need ${integerOpset}. Export it with opset 17.`,
  );
}

async function* read(pictures: readonly PictureFile[]): AsyncIterable<Picture> {
  for (const picture of pictures) yield await picture.read();
}
