import { basename } from 'node:path';

import { fixDims } from '../analysis/infer-shapes.ts';
import { inspectModel } from '../analysis/inspect.ts';
import type { ModelReport, ValueReport } from '../analysis/inspect.ts';
import { misuse, parseCommandLine } from '../command-line.ts';
import type { Command } from '../command.ts';
import { describeUse, listSources } from '../draft-manifest.ts';
import type { ModelUse } from '../draft-manifest.ts';
import { readInput } from '../files.ts';
import { findManifest } from '../manifest-file.ts';
import type { OnnxDim } from '../onnx/graph.ts';
import { loadOnnx } from '../onnx/load.ts';
import { writeModel } from '../onnx/writer.ts';
import { ToolError } from '../tool-error.ts';
import { understandModel } from '../understand.ts';
import type { ModelToUnderstand } from '../understand.ts';

const help = `void-model inspect: tells what is in an ONNX model and whether it runs in the page

Usage
  void-model inspect MODEL.onnx [--dim NAME=SIZE]... [-m FILE.json] [--json]

Options
      --dim NAME=SIZE  gives a size that the model leaves open, such as batch=1
  -m, --manifest FILE  the manifest that goes with it (default: the .json beside it)
      --json           print it for programs
  -h, --help           print this text

Nothing is run: sizes are worked out from those of the inputs, and what depends on contents stays
unknown and is listed as such. Multiplications are those of convolutions and matrix products. What
the element makes of the model is worked out by the element's own code.

Examples
  void-model inspect selfie.onnx
  void-model inspect modnet.onnx --dim batch_size=1 --dim height=512 --dim width=512
  void-model inspect selfie.onnx --json`;

/** `batch=1` → its parts. Throws for anything else. */
export function parseDims(command: string, texts: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    texts.map((text) => {
      const [, name = '', size] = /^(.+)=([1-9]\d*)$/.exec(text) ?? [];
      if (size === undefined) throw misuse(command, `--dim wants NAME=SIZE, not "${text}".`);
      return [name, Number(size)];
    }),
  );
}

/** `void-model inspect MODEL.onnx [--dim NAME=SIZE]... [-m FILE.json] [--json]` */
export const inspectCommand: Command = {
  name: 'inspect',
  summary: 'tell what is in an ONNX model and whether it runs in the page',
  help,
  async run(args) {
    const { input, values } = parseCommandLine('inspect', args, 'an .onnx file', {
      dim: { type: 'string', multiple: true },
      manifest: { type: 'string', short: 'm' },
      json: { type: 'boolean' },
    });
    const dims = parseDims('inspect', values.dim ?? []);
    const read = await loadOnnx(input);
    const model = { ...read, graph: fixDims(read.graph, dims) };
    const bytes = await readInput(input);
    const report = inspectModel(model);
    const understanding = understand({
      name: basename(input),
      // The element reads sizes in the file.
      bytes: dims.size > 0 ? writeModel(model) : bytes,
      model,
      manifest: await findManifest(input, values.manifest),
    });
    if (values.json)
      return JSON.stringify({ bytes: bytes.byteLength, ...report, ...understanding }, null, 2);
    return formatReport(input, bytes.byteLength, report, understanding);
  },
};

/** What the element makes of a model, or why it refuses it. */
type Understanding =
  { readonly use: ModelUse; readonly sources: readonly string[] } | { readonly refusal: string };

function understand(model: ModelToUnderstand): Understanding {
  try {
    const plan = understandModel(model);
    return { use: describeUse(plan), sources: listSources(plan, '') };
  } catch (error) {
    if (error instanceof ToolError) return { refusal: error.message };
    throw error;
  }
}

function formatReport(
  file: string,
  bytes: number,
  report: ModelReport,
  understanding: Understanding,
): string {
  const { metadata, missingKernels, otherOpsets } = report;
  const constants = Object.entries(report.constantBytes).map(
    ([type, size]) => `${type} ${format(size)}`,
  );
  return [
    `${file}: ${format(bytes)} bytes, opset ${report.opset}, file format ${report.irVersion}, by ${report.producer || 'unknown'}`,
    ...report.inputs.map((value) => `in     ${formatValue(value)}`),
    ...report.outputs.map((value) => `out    ${formatValue(value)}`),
    '',
    row(
      'parameters',
      `${format(report.parameters)}; bytes by type: ${constants.join(', ') || 'none'}`,
    ),
    row('multiplications', formatMacs(report)),
    row('unknown sizes', list(report.unknownShapes)),
    row('operators of others', list(otherOpsets)),
    row('metadata', list(Object.entries(metadata).map(([key, value]) => `${key}: ${value}`))),
    '',
    `${report.nodes} nodes`,
    ...Object.entries(report.operators).map(
      ([name, count]) => `${String(count).padStart(6)} ${name}`,
    ),
    '',
    'operators that ONNX Runtime Web 1.30 lacks',
    row('webgpu', list(missingKernels.webgpu) + onCpu(missingKernels.webgpu)),
    row('wasm', list(missingKernels.wasm)),
    '',
    ...formatUnderstanding(understanding),
  ].join('\n');
}

function onCpu(missing: readonly string[]): string {
  return missing.length === 0 ? '' : ' (run on the CPU: each brings copies from the GPU and back)';
}

function formatUnderstanding(understanding: Understanding): readonly string[] {
  if ('refusal' in understanding) {
    return ['the element would refuse it', understanding.refusal.replace(/^/gm, '  ')];
  }
  const { use, sources } = understanding;
  return [
    'the element takes it as',
    row('input', JSON.stringify(use.input)),
    row('output', JSON.stringify(use.output)),
    row('known by', list(sources)),
    '  Correct what is wrong in a manifest: void-model manifest --help',
  ];
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(20)}${text}`;
}

function list(texts: readonly string[]): string {
  return texts.length === 0 ? 'none' : texts.join(', ');
}

function formatDims(dims: readonly OnnxDim[] | null): string {
  return dims ? `[${dims.map((size) => size ?? '?').join(', ')}]` : 'of unknown shape';
}

function formatValue({ name, type, dims }: ValueReport): string {
  return `${name}: ${type} ${formatDims(dims)}`;
}

function formatMacs({ macs, unknownMacs }: ModelReport): string {
  const rest =
    unknownMacs === 0 ? '' : ` and those of ${unknownMacs} nodes whose sizes are unknown`;
  return `${(macs / 1e6).toFixed(1)} million${rest}`;
}

/** 1,234,567 */
export function format(count: number): string {
  return count.toLocaleString('en-US');
}
