import type * as Ort from 'onnxruntime-web';
import { SegmenterError } from '../errors.ts';
import type { Prompt } from '../prompts.ts';
import type { DecoderPlan } from './decoder-plan.ts';
import { maxSidePx } from './model-facts.ts';
import type { OnnxFile } from './model-loader.ts';
import type { ElementType } from './onnx-header.ts';
import { createOrtSession, type OrtModule, type OrtRuntime } from './ort-session.ts';
import { encodePrompts } from './prompt-tensors.ts';
import { assertOutputType, loadFloats, type OutputData } from './tensor-data.ts';

/** A mask before the sigmoid: `[height, width] float32`, row-major. */
export interface MaskLogits {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
}

/** What a session gives, by name. */
export type Tensors = Readonly<Record<string, Ort.Tensor>>;

/** Makes masks of what an encoder found in a picture, and of prompts. */
export class PromptDecoder {
  readonly #ort: OrtModule;
  readonly #url: string;
  readonly #session: Ort.InferenceSession;
  readonly #plan: DecoderPlan;
  readonly #constants: Record<string, Ort.Tensor>;

  /** Compiles the decoder. Rejects as {@link createOrtSession} does. */
  static async create(
    runtime: OrtRuntime,
    { bytes, url, externalData }: OnnxFile,
    plan: DecoderPlan,
  ): Promise<PromptDecoder> {
    const session = await createOrtSession(runtime, bytes, url, {
      executionProviders: ['wasm'],
      externalData: externalData.map((file) => ({ path: file.path, data: file.bytes })),
    });
    return new PromptDecoder(runtime.ort, url, session, plan);
  }

  private constructor(
    ort: OrtModule,
    url: string,
    session: Ort.InferenceSession,
    plan: DecoderPlan,
  ) {
    this.#ort = ort;
    this.#url = url;
    this.#session = session;
    this.#plan = plan;
    this.#constants = Object.fromEntries(
      plan.constants.map(({ name, dims, values }) => [
        name,
        new ort.Tensor('float32', Float32Array.from(values), dims),
      ]),
    );
  }

  /**
   * The best of the masks that the decoder gives.
   * Rejects with `model-unsupported` if it does not run on these, or gives no mask.
   *
   * @param found - What the encoder gave.
   * @param prompts - One at least, in pixels of the encoder's picture.
   */
  async decode(found: Tensors, prompts: readonly Prompt[]): Promise<MaskLogits> {
    const { coords, labels, embeddings, masks, scores } = this.#plan;
    const points = encodePrompts(prompts);
    const count = points.labels.length;
    const feeds: Record<string, Ort.Tensor> = {
      ...this.#constants,
      [coords]: new this.#ort.Tensor('float32', points.coords, [1, count, 2]),
      [labels]: new this.#ort.Tensor('float32', points.labels, [1, count]),
    };
    for (const [name, source] of embeddings) feeds[name] = found[source] as Ort.Tensor;
    const wanted = scores === null ? [masks] : [masks, scores];
    let results: Tensors;
    try {
      results = await this.#session.run(feeds, wanted);
    } catch (error) {
      throw this.#unsupported(
        `failed to run. Check that it belongs to the encoder. (${String(error)})`,
        error,
      );
    }
    const best = scores === null ? 0 : indexOfLargest(results[scores] as Ort.Tensor);
    return this.#readMask(results[masks] as Ort.Tensor, best);
  }

  dispose(): Promise<void> {
    return this.#session.release();
  }

  /** @param index - Which one of them. */
  #readMask({ data, dims, type }: Ort.Tensor, index: number): MaskLogits {
    const [height = 0, width = 0] = dims.slice(-2);
    const area = width * height;
    const count = area > 0 ? data.length / area : 0;
    if (dims.length < 2 || index >= count || Math.max(width, height) > maxSidePx) {
      throw this.#unsupported(
        `gives "${this.#plan.masks}" of [${dims.join(', ')}], which are no masks of up to ${maxSidePx} pixels a side. Tell which output they are by "decoder.names.masks" in the manifest.`,
      );
    }
    assertOutputType(this.#url, this.#plan.masks, type as ElementType);
    const all = loadFloats(
      data as OutputData,
      type as ElementType,
      1,
      new Float32Array(type === 'float32' ? 0 : data.length),
    );
    return { width, height, values: all.subarray(index * area, (index + 1) * area) };
  }

  #unsupported(what: string, cause?: unknown): SegmenterError {
    return new SegmenterError('model-unsupported', `The decoder ${this.#url} ${what}`, { cause });
  }
}

function indexOfLargest({ data }: Ort.Tensor): number {
  const values = Array.from(data as ArrayLike<number>, Number);
  return Math.max(0, values.indexOf(Math.max(...values)));
}
