import type * as Ort from 'onnxruntime-web';
import type { ModelInput } from '../stage.ts';
import type { InputPlan } from './input-plan.ts';
import { createConstants, createSession, explainRunError } from './open-model.ts';
import type { OrtRuntime } from './ort-session.ts';
import { PictureFeed } from './picture-feed.ts';
import type { Tensors } from './prompt-decoder.ts';

type PixelBytes = Uint8Array | Uint8ClampedArray;

/** Runs the encoder of a promptable model, once for each picture: of the last one it keeps the pixels and what was found in them. */
export class PictureEncoder {
  readonly #plan: InputPlan;
  readonly #session: Ort.InferenceSession;
  readonly #picture: PictureFeed;
  readonly #feeds: Record<string, Ort.Tensor>;
  readonly #pixels: Uint8Array;
  #found: Tensors | null = null;

  /** Compiles the encoder. Rejects with `model-invalid`, `model-unsupported` or `backend-unavailable`. */
  static async create(
    runtime: OrtRuntime,
    plan: InputPlan,
    input: ModelInput,
  ): Promise<PictureEncoder> {
    const session = await createSession(runtime, plan, { executionProviders: ['wasm'] });
    return new PictureEncoder(runtime, plan, input, session);
  }

  private constructor(
    { ort }: OrtRuntime,
    plan: InputPlan,
    input: ModelInput,
    session: Ort.InferenceSession,
  ) {
    this.#plan = plan;
    this.#session = session;
    this.#picture = new PictureFeed(ort, plan.picture, input);
    this.#feeds = {
      ...createConstants(ort, plan.constants),
      [plan.picture.name]: this.#picture.tensor,
    };
    this.#pixels = new Uint8Array(4 * input.width * input.height);
  }

  /**
   * Rejects with `model-unsupported` if it does not run.
   *
   * @param pixels - RGBA, 8 bit, row-major, at the size of its input.
   * @returns All that it gives. Valid until the next call.
   */
  async encode(pixels: PixelBytes): Promise<Tensors> {
    if (this.#found && isSame(pixels, this.#pixels)) return this.#found;
    this.#found = null;
    this.#picture.fill(pixels);
    try {
      const found = await this.#session.run(this.#feeds);
      this.#pixels.set(pixels);
      this.#found = found;
      return found;
    } catch (error) {
      throw explainRunError(this.#plan, error);
    }
  }

  dispose(): Promise<void> {
    return this.#session.release();
  }
}

function isSame(one: PixelBytes, other: PixelBytes): boolean {
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}
