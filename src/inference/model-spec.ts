import type * as Ort from 'onnxruntime-web';
import { SegmenterError } from '../errors.ts';
import type { ModelSpec } from '../stage.ts';
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
    assertSameShape(session.inputMetadata, manifest.input, 3, url);
    assertSameShape(session.outputMetadata, manifest.output, 1, url);
    return { name: manifest.name, input: manifest.input, output: manifest.output };
  }
  const inputShape = imageShape(input, 3);
  const outputShape = imageShape(output, 1);
  if (!input || !output || !inputShape || !outputShape) {
    throw new SegmenterError(
      'model-unsupported',
      `${url} takes ${describe(input)} and gives ${describe(output)}; without a manifest only ` +
        'float32 [1, height, width, 3] or [1, 3, height, width] in and one channel of the same kind out are understood. ' +
        'Write a manifest (.json) and name that as `model`.',
    );
  }
  return {
    name: url,
    input: { name: input.name, ...inputShape, range: [0, 1], order: 'rgb' },
    output: { name: output.name, ...outputShape, classes: ['background', 'person'] },
  };
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

function assertSameShape(
  all: readonly Metadata[],
  claimed: ImageShape & { readonly name: string },
  channels: number,
  url: string,
): void {
  const metadata = all.find(({ name }) => name === claimed.name);
  const { layout, width, height } = claimed;
  const shape = layout === 'nhwc' ? [1, height, width, channels] : [1, channels, height, width];
  const fits =
    metadata?.isTensor &&
    metadata.type === 'float32' &&
    metadata.shape.length === 4 &&
    metadata.shape.every((size, i) => size === shape[i]);
  if (fits) return;
  throw new SegmenterError(
    'model-unsupported',
    `The manifest of ${url} names a tensor "${claimed.name}" of float32 [${shape.join(', ')}], but the model has ${
      metadata ? describe(metadata) : all.map(describe).join(', ')
    }. Correct the manifest.`,
  );
}

function describe(metadata: Metadata | undefined): string {
  if (!metadata) return 'nothing';
  if (!metadata.isTensor) return `"${metadata.name}" (not a tensor)`;
  return `"${metadata.name}" ${metadata.type} [${metadata.shape.join(', ')}]`;
}
