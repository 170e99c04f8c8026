import type * as Ort from 'onnxruntime-web';
import { SegmenterError } from '../errors.ts';
import type { Backend, ClassSelection, CpuAnswer, InferenceEngine, ModelSpec } from '../stage.ts';
import { ClassReducer } from '../util/class-reducer.ts';
import type { ModelFile } from './model-loader.ts';
import { describeModel } from './model-spec.ts';
import { createOrtSession, type OrtModule, type OrtRuntime } from './ort-session.ts';
import { fillTensor } from './pixel-tensor.ts';
import { warmUp } from './warm-up.ts';

/**
 * Runs a model on tensors in main memory: WebAssembly, or WebNN. In: RGBA pixels at the model's input size;
 * out: what its classes come to, at its output size.
 */
export class CpuEngine implements InferenceEngine<Uint8Array | Uint8ClampedArray, CpuAnswer> {
  readonly backend: Backend;
  readonly model: ModelSpec;
  readonly #session: Ort.InferenceSession;
  readonly #tensor: Float32Array;
  readonly #feeds: Record<string, Ort.Tensor>;
  readonly #reducer: ClassReducer;
  readonly #mask: Float32Array;
  #categories: Uint8Array | null = null;

  /** Compiles the model and warms it up. Rejects with `backend-unavailable` or a `model-…` code. */
  static async create(
    runtime: OrtRuntime,
    backend: 'wasm' | 'webnn',
    file: ModelFile,
  ): Promise<{ engine: CpuEngine; warmUpMs: number }> {
    const session = await createOrtSession(runtime, file.bytes, file.url, {
      executionProviders: [backend],
    });
    try {
      const engine = new CpuEngine(runtime.ort, backend, session, describeModel(file, session));
      const run = async (pixels: Uint8ClampedArray): Promise<Float32Array> =>
        (await engine.run(pixels)).mask;
      return { engine, warmUpMs: await warmUp(engine.model, file.manifest, run, true) };
    } catch (error) {
      await session.release();
      throw error;
    }
  }

  private constructor(
    ort: OrtModule,
    backend: Backend,
    session: Ort.InferenceSession,
    model: ModelSpec,
  ) {
    this.backend = backend;
    this.model = model;
    this.#session = session;
    const { name, layout, width, height } = model.input;
    this.#tensor = new Float32Array(width * height * 3);
    const dims = layout === 'nhwc' ? [1, height, width, 3] : [1, 3, height, width];
    this.#feeds = { [name]: new ort.Tensor('float32', this.#tensor, dims) };
    this.#reducer = new ClassReducer(model.output);
    this.#mask = new Float32Array(model.output.width * model.output.height);
  }

  concurrencyFor(): number {
    return 1;
  }

  async run(
    pixels: Uint8Array | Uint8ClampedArray,
    selection?: ClassSelection,
  ): Promise<CpuAnswer> {
    const categories = selection?.hasCategories
      ? (this.#categories ??= new Uint8Array(this.#mask.length))
      : null;
    const answer = { mask: this.#mask, categories };
    await this.runInto(answer, pixels, selection);
    return answer;
  }

  /** The same with the answer written where it is wanted. */
  async runInto(
    { mask, categories }: CpuAnswer,
    pixels: Uint8Array | Uint8ClampedArray,
    selection?: ClassSelection,
  ): Promise<void> {
    this.#reducer.reduce(
      await this.#infer(pixels),
      selection?.foreground ?? null,
      mask,
      categories,
    );
  }

  async #infer(pixels: Uint8Array | Uint8ClampedArray): Promise<Float32Array> {
    fillTensor(pixels, this.model.input, this.#tensor);
    const { name } = this.model.output;
    try {
      const results = await this.#session.run(this.#feeds, [name]);
      return results[name]?.data as Float32Array;
    } catch (error) {
      throw new SegmenterError('model-unsupported', `${this.model.name} failed to run.`, {
        cause: error,
      });
    }
  }

  dispose(): Promise<void> {
    return this.#session.release();
  }
}
