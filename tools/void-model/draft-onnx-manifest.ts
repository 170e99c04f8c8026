import { createHash } from 'node:crypto';

import type { OnnxDim, OnnxGraph, OnnxNode } from './onnx/graph.ts';
import type { OnnxModel } from './onnx/model.ts';
import { inspectModel } from './analysis/inspect.ts';
import type { ValueReport } from './analysis/inspect.ts';
import { nameClasses } from './draft-manifest.ts';

type Kind = 'probability' | 'logits' | 'softmax';

/** What the user says of the model; it wins over what the file tells. */
export interface ModelFacts {
  readonly name?: string;
  readonly license?: string;
  readonly source?: string;
  /** What 0 and 255 become. */
  readonly range?: readonly [number, number];
  readonly order?: 'rgb' | 'bgr';
  readonly kind?: Kind;
  readonly classes?: readonly string[];
  /** Of the picture, in pixels, for models that leave it open. */
  readonly size?: { readonly width: number; readonly height: number };
}

/** A manifest as far as a model tells it. */
export interface OnnxManifestDraft {
  readonly manifest: Readonly<Record<string, unknown>>;
  /** Fields that are guesses, each with its value. */
  readonly guesses: readonly string[];
  /** What keeps the element from running the model, as sentences; empty if nothing does. */
  readonly problems: readonly string[];
}

/**
 * Works out what the element has to know of a model: from its shapes, from what computes its output last, and from
 * what the user says.
 *
 * @param bytes - The `.onnx` file, for its hash.
 * @param file - Where that is, relative to the manifest.
 */
export function draftOnnxManifest(
  model: OnnxModel,
  bytes: Uint8Array,
  file: string,
  facts: ModelFacts = {},
): OnnxManifestDraft {
  const report = inspectModel(model);
  const guesses: string[] = [];
  const guess = <T>(field: string, value: T): T => {
    guesses.push(`${field} ${JSON.stringify(value)}`);
    return value;
  };
  const problems: string[] = [];
  const [input, ...otherInputs] = report.inputs;
  if (otherInputs.length > 0) {
    problems.push(`It takes ${report.inputs.length} inputs; the element feeds one picture.`);
  }
  const picture = describePicture(input, [3], facts, 'input', problems);
  const mask = describePicture(report.outputs[0], null, facts, 'output', problems);
  const { channels } = mask;
  const kind = facts.kind ?? guess('output.kind', kindOf(model.graph, channels));
  return {
    manifest: {
      name: facts.name ?? file.replace(/^.*\//, '').replace(/\.onnx$/, ''),
      file,
      integrity: `sha256-${createHash('sha256').update(bytes).digest('base64')}`,
      ...(facts.license !== undefined && { license: facts.license }),
      ...(facts.source !== undefined && { source: facts.source }),
      input: {
        ...picture.tensor,
        type: input?.type ?? 'float32',
        range: facts.range ?? guess('input.range', [0, 1]),
        order: facts.order ?? guess('input.order', 'rgb'),
      },
      output: {
        ...mask.tensor,
        kind,
        classes: facts.classes ?? guess('output.classes', nameClasses(channels)),
      },
    },
    guesses,
    problems,
  };
}

interface Picture {
  readonly tensor: object;
  readonly channels: number;
}

/**
 * @param channels - How many a picture may have there; null: as many as classes are told apart.
 * @param problems - Takes what is wrong.
 */
function describePicture(
  value: ValueReport | undefined,
  channels: readonly number[] | null,
  { size }: ModelFacts,
  role: 'input' | 'output',
  problems: string[],
): Picture {
  const { name = '', type = 'nothing', dims = null } = value ?? {};
  if (type !== 'float32')
    problems.push(`Its ${role} "${name}" is ${type}; the element wants float32.`);
  if (dims?.length !== 4) {
    problems.push(`Its ${role} "${name}" is no picture of four axes: ${formatDims(dims)}.`);
    return { tensor: { name, layout: 'nchw', ...size }, channels: 1 };
  }
  const layout = findLayout(dims, channels);
  const [, a, b, c] = dims;
  const [height, width, depth] = layout === 'nhwc' ? [a, b, c] : [b, c, a];
  if (channels && !(typeof depth === 'number' && channels.includes(depth))) {
    problems.push(`Its ${role} "${name}" has no three channels: ${formatDims(dims)}.`);
  }
  const sides = {
    width: typeof width === 'number' ? width : size?.width,
    height: typeof height === 'number' ? height : size?.height,
  };
  if (sides.width === undefined || sides.height === undefined) {
    problems.push(
      `Its ${role} "${name}" leaves the size open: ${formatDims(dims)}; give one with --size 256x256.`,
    );
  }
  return { tensor: { name, layout, ...sides }, channels: typeof depth === 'number' ? depth : 1 };
}

/** Channels are the axis of the right length, or, where any will do, the shorter of the two that may be it. */
function findLayout(
  [, first, , last]: readonly OnnxDim[],
  channels: readonly number[] | null,
): 'nhwc' | 'nchw' {
  if (channels) return channels.includes(Number(last)) ? 'nhwc' : 'nchw';
  const lengthOf = (size: OnnxDim | undefined) => (typeof size === 'number' ? size : Infinity);
  return lengthOf(last) < lengthOf(first) ? 'nhwc' : 'nchw';
}

export function formatDims(dims: readonly OnnxDim[] | null): string {
  return dims ? `[${dims.map((size) => size ?? '?').join(', ')}]` : 'of unknown shape';
}

/** Operators that hand numbers on as they are, or mix those of one channel. */
const transparent = new Set([
  'Transpose',
  'Reshape',
  'Cast',
  'Identity',
  'Resize',
  'Upsample',
  'Squeeze',
  'Unsqueeze',
]);

/** By what computes the output last. */
function kindOf(graph: OnnxGraph, channels: number): Kind {
  let node = producerOf(graph, graph.outputs[0]?.name);
  while (node && transparent.has(node.opType)) node = producerOf(graph, node.inputs[0]);
  if (channels === 1) {
    return node && /^(Hard)?Sigmoid$|^Clip$/.test(node.opType) ? 'probability' : 'logits';
  }
  return node?.opType === 'Softmax' ? 'softmax' : 'logits';
}

function producerOf(graph: OnnxGraph, name: string | undefined): OnnxNode | undefined {
  return graph.nodes.find(({ outputs }) => name !== undefined && outputs.includes(name));
}
