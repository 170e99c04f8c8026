import { basename } from 'node:path';

import { fixDims } from '../analysis/infer-shapes.ts';
import { inspectModel } from '../analysis/inspect.ts';
import type { ModelReport, ValueReport } from '../analysis/inspect.ts';
import { misuse, parseCommandLine } from '../command-line.ts';
import type { Command } from '../command.ts';
import { draftOnnxManifest, formatDims } from '../draft-onnx-manifest.ts';
import type { OnnxManifestDraft } from '../draft-onnx-manifest.ts';
import { readInput } from '../files.ts';
import { loadOnnx } from '../onnx/load.ts';

const help = `void-model inspect: tells what is in an ONNX model and whether it runs in the page

Usage
  void-model inspect MODEL.onnx [--dim NAME=SIZE]... [--json]

Options
      --dim NAME=SIZE  gives a size that the model leaves open, such as batch=1
      --json           print it for programs
  -h, --help           print this text

Nothing is run: sizes are worked out from those of the inputs, and what depends on contents stays
unknown and is listed as such. Multiplications are those of convolutions and matrix products.

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

/** `void-model inspect MODEL.onnx [--dim NAME=SIZE]... [--json]` */
export const inspectCommand: Command = {
  name: 'inspect',
  summary: 'tell what is in an ONNX model and whether it runs in the page',
  help,
  async run(args) {
    const { input, values } = parseCommandLine('inspect', args, 'an .onnx file', {
      dim: { type: 'string', multiple: true },
      json: { type: 'boolean' },
    });
    const dims = parseDims('inspect', values.dim ?? []);
    const read = await loadOnnx(input);
    const model = { ...read, graph: fixDims(read.graph, dims) };
    const bytes = await readInput(input);
    const report = inspectModel(model);
    const draft = draftOnnxManifest(model, bytes, basename(input));
    if (values.json)
      return JSON.stringify({ bytes: bytes.byteLength, ...report, ...draft }, null, 2);
    return formatReport(input, bytes.byteLength, report, draft);
  },
};

function formatReport(
  file: string,
  bytes: number,
  report: ModelReport,
  { manifest, guesses, problems }: OnnxManifestDraft,
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
    ...formatDraft(manifest, guesses, problems),
  ].join('\n');
}

function onCpu(missing: readonly string[]): string {
  return missing.length === 0 ? '' : ' (run on the CPU: each brings copies from the GPU and back)';
}

function formatDraft(
  manifest: Readonly<Record<string, unknown>>,
  guesses: readonly string[],
  problems: readonly string[],
): readonly string[] {
  if (problems.length > 0)
    return ['the element cannot run it', ...problems.map((text) => `  ${text}`)];
  return [
    'the element would take it as',
    ...['input', 'output'].map((part) => row(part, JSON.stringify(manifest[part]))),
    row('guesses', list(guesses)),
    '  Correct what is wrong in a manifest: void-model manifest --help',
  ];
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(20)}${text}`;
}

function list(texts: readonly string[]): string {
  return texts.length === 0 ? 'none' : texts.join(', ');
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
