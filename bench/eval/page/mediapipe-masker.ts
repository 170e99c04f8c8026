import type * as Vision from '@mediapipe/tasks-vision';
import type { EvalRow } from '../rows.ts';
import { pickModel, type Masker, type ModelName } from './masker.ts';

const modelUrls: Readonly<Record<ModelName, string>> = {
  selfie: '/models/selfie_segmenter.tflite',
  'selfie-landscape': '/models/selfie_segmenter_landscape.tflite',
};

/** MediaPipe's ImageSegmenter on its CPU delegate: for pictures in image mode, for clips in video mode. */
export class MediaPipeMasker implements Masker {
  readonly #row: EvalRow;
  readonly #segmenters = new Map<string, Promise<Vision.ImageSegmenter>>();
  /** A clip begins where the one before it ended: the segmenter takes rising timestamps only. */
  #clipStartMs = 0;
  #lastMs = 0;

  constructor(row: EvalRow) {
    this.#row = row;
  }

  reset(): void {
    this.#clipStartMs = this.#lastMs + 1000;
  }

  async mask(picture: ImageBitmap, timestampUs: number | undefined): Promise<Float32Array> {
    const mode = timestampUs === undefined ? 'IMAGE' : 'VIDEO';
    const segmenter = await this.#open(
      pickModel(this.#row, picture, timestampUs === undefined),
      mode,
    );
    let values: Float32Array | undefined;
    const take = ({ confidenceMasks }: Vision.ImageSegmenterResult): void => {
      const [mask] = confidenceMasks ?? [];
      if (mask?.width !== picture.width || mask.height !== picture.height) {
        throw new Error(`MediaPipe's mask is ${mask?.width ?? 0}x${mask?.height ?? 0}.`);
      }
      // What it hands out is only lent.
      values = mask.getAsFloat32Array().slice();
    };
    if (timestampUs === undefined) segmenter.segment(picture, take);
    else {
      this.#lastMs = this.#clipStartMs + timestampUs / 1000;
      segmenter.segmentForVideo(picture, this.#lastMs, take);
    }
    if (!values) throw new Error('MediaPipe gave no mask.');
    return values;
  }

  #open(model: ModelName, runningMode: 'IMAGE' | 'VIDEO'): Promise<Vision.ImageSegmenter> {
    const key = `${model} ${runningMode}`;
    const known = this.#segmenters.get(key) ?? createSegmenter(modelUrls[model], runningMode);
    this.#segmenters.set(key, known);
    return known;
  }
}

async function createSegmenter(
  modelAssetPath: string,
  runningMode: 'IMAGE' | 'VIDEO',
): Promise<Vision.ImageSegmenter> {
  const url = new URL('/mediapipe/vision_bundle.mjs', location.href).href;
  const { FilesetResolver, ImageSegmenter } = (await import(url)) as typeof Vision;
  const fileset = await FilesetResolver.forVisionTasks('/mediapipe/wasm');
  return ImageSegmenter.createFromOptions(fileset, {
    baseOptions: { modelAssetPath, delegate: 'CPU' },
    runningMode,
    outputConfidenceMasks: true,
    outputCategoryMask: false,
  });
}
