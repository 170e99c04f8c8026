import type * as Ort from 'onnxruntime-web';
import { SegmenterError } from '../errors.ts';
import type { ModelSpec } from '../stage.ts';
import type { ManifestOutput } from './manifest.ts';
import type { ModelFile } from './model-loader.ts';

type Metadata = Ort.InferenceSession.ValueMetadata;

/**
 * Works out how to feed a model: by its manifest, else by the shapes in the file.
 * Rejects with `model-unsupported` when neither tells, or when they contradict each other.
 */
export function describeModel(file: ModelFile, session: Ort.InferenceSession): ModelSpec {
  const [input, output] = [session.inputMetadata[0], session.outputMetadata[0]];
  const { manifest, url } = file;
  if (manifest) {
    findChannels(session.inputMetadata, manifest.input, [3], url);
    const counts = channelCounts(manifest.output);
    const channels = findChannels(session.outputMetadata, manifest.output, counts, url);
    return {
      name: manifest.name,
      framing: manifest.framing ?? 'whole',
      input: manifest.input,
      output: { ...manifest.output, channels },
    };
  }
  const inputShape = imageShape(input, 3);
  const outputShape = imageShape(output, 1);
  if (!input || !output || !inputShape || !outputShape) {
    throw new SegmenterError(
      'model-unsupported',
      `${url} takes ${describe(input)} and gives ${describe(output)}; without a manifest only ` +
        'float32 [1, height, width, 3] or [1, 3, height, width] in and one channel of the same kind out are understood. ' +
        `Write a manifest (.json) and name that as \`model\`.${inputShape && hasSeveralChannels(output) ? askForClasses : ''}`,
    );
  }
  return {
    name: url,
    input: { name: input.name, ...inputShape, range: [0, 1], order: 'rgb' },
    output: {
      name: output.name,
      ...outputShape,
      channels: 1,
      kind: 'probability',
      classes: ['background', 'person'],
    },
  };
}

const askForClasses =
  ' Its "output" is to say which channel is which class ("classes", the background first) and whether the values are ' +
  'probabilities ("kind": "softmax") or still to become such ("logits").';

function hasSeveralChannels(metadata: Metadata | undefined): boolean {
  return (
    !!metadata?.isTensor &&
    metadata.type === 'float32' &&
    metadata.shape.length === 4 &&
    metadata.shape.every((size) => typeof size === 'number' && size >= 1)
  );
}

/** How many channels a model may have that answers so. */
function channelCounts({ kind, classes }: ManifestOutput): readonly number[] {
  if (kind === 'probability') return [1];
  return kind === 'logits' && classes.length === 2 ? [1, 2] : [classes.length];
}

interface ImageShape {
  readonly layout: 'nhwc' | 'nchw';
  readonly width: number;
  readonly height: number;
}

function imageShape(metadata: Metadata | undefined, channels: number): ImageShape | null {
  if (!metadata?.isTensor || metadata.type !== 'float32') return null;
  const [batch, a, b, c, ...rest] = metadata.shape;
  if (batch !== 1 || rest.length > 0) return null;
  if (typeof a !== 'number' || typeof b !== 'number' || typeof c !== 'number') return null;
  if (c === channels) return { layout: 'nhwc', height: a, width: b };
  if (a === channels) return { layout: 'nchw', height: b, width: c };
  return null;
}

/** The number of channels, of those that there may be, with which the tensor is what the manifest claims. */
function findChannels(
  all: readonly Metadata[],
  claimed: ImageShape & { readonly name: string },
  counts: readonly number[],
  url: string,
): number {
  const metadata = all.find(({ name }) => name === claimed.name);
  const { layout, width, height } = claimed;
  const shapeOf = (channels: number): number[] =>
    layout === 'nhwc' ? [1, height, width, channels] : [1, channels, height, width];
  const found = counts.find((channels) => {
    const shape = shapeOf(channels);
    return (
      metadata?.isTensor &&
      metadata.type === 'float32' &&
      metadata.shape.length === 4 &&
      metadata.shape.every((size, i) => size === shape[i])
    );
  });
  if (found !== undefined) return found;
  const shapes = counts.map((channels) => `[${shapeOf(channels).join(', ')}]`).join(' or ');
  throw new SegmenterError(
    'model-unsupported',
    `The manifest of ${url} names a tensor "${claimed.name}" of float32 ${shapes}, but the model has ${
      metadata ? describe(metadata) : all.map(describe).join(', ')
    }. Correct the manifest.`,
  );
}

function describe(metadata: Metadata | undefined): string {
  if (!metadata) return 'nothing';
  if (!metadata.isTensor) return `"${metadata.name}" (not a tensor)`;
  return `"${metadata.name}" ${metadata.type} [${metadata.shape.join(', ')}]`;
}
