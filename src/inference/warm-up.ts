import { SegmenterError } from '../errors.ts';
import { matchesGolden, paintGolden } from './golden.ts';
import type { ModelFile } from './model-loader.ts';

/** In pixels. */
interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Runs a fresh session on a painted picture, for three reasons: shaders compile at the first run, some failures
 * come only then (fp16 without `shader-f16`), and a driver that computes wrong must be found out. A built-in model's
 * manifest carries the right answer.
 *
 * @param run - Runs the model on RGBA pixels at its input size and returns the mask.
 * @param measure - Run a second time to learn the speed; the first run's time is mostly compilation.
 * @returns The duration of the last run, in milliseconds.
 */
export async function warmUp(
  model: {
    readonly name: string;
    readonly input: PictureSize;
    readonly output: PictureSize;
  },
  manifest: ModelFile['manifest'],
  run: (pixels: Uint8ClampedArray<ArrayBuffer>) => Promise<Float32Array>,
  measure: boolean,
): Promise<number> {
  const pixels = paintGolden(model.input.width, model.input.height);
  let startedAt = performance.now();
  const mask = await run(pixels);
  const golden = manifest?.golden;
  if (golden && !matchesGolden(mask, model.output.width, model.output.height, golden)) {
    throw new SegmenterError(
      'backend-unavailable',
      `This device computes ${model.name} wrongly: the mask of a known picture differs from the stored one. Leave \`backend\` at "auto" to use another backend.`,
    );
  }
  if (measure) {
    startedAt = performance.now();
    await run(pixels);
  }
  return performance.now() - startedAt;
}
