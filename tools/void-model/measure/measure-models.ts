import { paintGolden } from '../../../src/inference/golden.ts';
import type { ModelManifest } from '../../../src/inference/manifest.ts';
import type { ModelOutput } from '../../../src/stage.ts';
import type { Picture } from '../pictures/decode.ts';
import type { PictureFile } from '../pictures/folder.ts';
import { ToolError } from '../tool-error.ts';
import { compareModels } from './compare.ts';
import type { Comparison, Contestant, Sample } from './compare.ts';
import { ModelSession } from './model-session.ts';
import type { Answer, TensorInfo } from './model-session.ts';
import { PictureInput } from './picture-input.ts';

/** A model in memory. */
export interface NamedModel {
  readonly name: string;
  /** An `.onnx` file. */
  readonly onnx: Uint8Array;
}

export interface MeasureOptions {
  /** What to show the models. Empty: a painted person or, to models that take no picture, noise. */
  readonly pictures: readonly PictureFile[];
  /** How both take their pictures and what they answer. Null: RGB, 0..1. */
  readonly manifest: ModelManifest | null;
  readonly threads: number;
  /** Fewest runs of each model that are timed. */
  readonly runs: number;
  readonly onProgress?: (done: number) => void;
}

/** Runs two models side by side on ONNX Runtime Web's WebAssembly. See {@link compareModels}. */
export async function measureModels(
  models: readonly [NamedModel, NamedModel],
  { pictures, manifest, threads, runs, onProgress }: MeasureOptions,
): Promise<Comparison> {
  const open = async ({ name, onnx }: NamedModel): Promise<Contestant<Picture | null>> => {
    const session = await ModelSession.open(onnx, name, threads);
    return { name, session, feed: createFeed(session, manifest, name, pictures.length > 0) };
  };
  const contestants = [await open(models[0]), await open(models[1])] as const;
  try {
    return await compareModels(contestants, readSamples(pictures), {
      kind: kindOf(manifest),
      minRuns: runs,
      onProgress,
    });
  } finally {
    for (const { session } of contestants) await session.release();
  }
}

/** A matte is compared as a probability is. */
function kindOf(manifest: ModelManifest | null): ModelOutput['kind'] | undefined {
  const kind = manifest?.output.kind;
  return kind === 'alpha' ? 'probability' : kind;
}

/** Null stands for what the models are shown where no pictures are given. */
async function* readSamples(
  pictures: readonly PictureFile[],
): AsyncIterable<Sample<Picture | null>> {
  for (const picture of pictures) yield { name: picture.name, contents: await picture.read() };
  if (pictures.length === 0) yield { name: 'made up', contents: null };
}

/** How to make a model's inputs of a picture, or of nothing. */
export function createFeed(
  { inputs }: ModelSession,
  manifest: ModelManifest | null,
  name: string,
  hasPictures: boolean,
): (contents: Picture | null) => readonly Answer[] {
  if (!hasPictures && !takesPicture(inputs)) {
    const noise = inputs.map((info) => createNoise(info, name));
    return () => noise;
  }
  const input = new PictureInput(inputs, manifest, name);
  return (picture) => [picture ? input.fill(picture) : input.paint(paintGolden)];
}

function takesPicture([info, ...others]: readonly TensorInfo[]): boolean {
  if (!info || others.length > 0 || info.dims.length !== 4) return false;
  return info.dims[1] === 3 || info.dims[3] === 3;
}

/** Numbers from 0 to 1 that look random and are always the same (a linear congruential generator). */
function createNoise({ name, dims }: TensorInfo, model: string): Answer {
  const sizes = dims.map((size) => {
    if (typeof size === 'number' && size > 0) return size;
    throw new ToolError(
      'unsupported-model',
      `The input "${name}" of "${model}" has no fixed size, [${dims.join(', ')}]. Fix it before.`,
    );
  });
  let state = 1;
  const data = Float32Array.from({ length: sizes.reduce((a, b) => a * b, 1) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
  return { dims: sizes, data };
}
