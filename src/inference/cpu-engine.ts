import type * as Ort from 'onnxruntime-web';
import type {
  Backend,
  ClassSelection,
  Continuity,
  CpuAnswer,
  InferenceEngine,
  ModelSpec,
} from '../stage.ts';
import { ClassReducer } from '../util/class-reducer.ts';
import type { ModelFile } from './model-loader.ts';
import { ModelMemory } from './model-memory.ts';
import type { ModelPlan } from './model-plan.ts';
import { createConstants, explainRunError, openModel, type OpenModel } from './open-model.ts';
import type { OrtModule, OrtRuntime } from './ort-session.ts';
import { PictureFeed } from './picture-feed.ts';
import { assertOutputType, loadFloats, scaleOf, type OutputData } from './tensor-data.ts';
import { warmUp } from './warm-up.ts';

/**
 * Runs a model on tensors in main memory: WebAssembly, or WebNN. In: RGBA pixels at the model's input size;
 * out: what its classes come to, at its output size.
 */
export class CpuEngine implements InferenceEngine<Uint8Array | Uint8ClampedArray, CpuAnswer> {
  readonly backend: Backend;
  readonly #plan: ModelPlan;
  readonly #session: Ort.InferenceSession;
  readonly #picture: PictureFeed;
  readonly #feeds: Record<string, Ort.Tensor>;
  readonly #memory: ModelMemory;
  readonly #reducer: ClassReducer;
  /** For answers that are no floats. */
  readonly #answer: Float32Array;
  readonly #mask: Float32Array;
  #categories: Uint8Array | null = null;

  /** Compiles the model and warms it up. Rejects with `backend-unavailable` or a `model-…` code. */
  static async create(
    runtime: OrtRuntime,
    backend: 'wasm' | 'webnn',
    file: ModelFile,
  ): Promise<{ engine: CpuEngine; warmUpMs: number }> {
    const opened = await openModel(runtime, file, backend, () => ({
      executionProviders: [backend],
    }));
    try {
      const engine = new CpuEngine(runtime.ort, backend, opened);
      const run = async (pixels: Uint8ClampedArray): Promise<Float32Array> =>
        (await engine.run(pixels, undefined, 'next')).mask;
      const warmUpMs = await warmUp(engine.model, file.manifest, run, true);
      engine.#memory.forget();
      return { engine, warmUpMs };
    } catch (error) {
      await opened.session.release();
      throw error;
    }
  }

  private constructor(ort: OrtModule, backend: Backend, { session, plan }: OpenModel) {
    this.backend = backend;
    this.#plan = plan;
    this.#session = session;
    const { spec, input, output } = plan;
    const { picture, constants, file } = input;
    assertOutputType(file.url, output.name, output.type);
    this.#picture = new PictureFeed(ort, picture, spec.input);
    this.#feeds = {
      ...createConstants(ort, constants),
      [picture.name]: this.#picture.tensor,
    };
    this.#memory = new ModelMemory(ort, input.states);
    const area = spec.output.width * spec.output.height;
    this.#reducer = new ClassReducer(spec.output);
    this.#answer = new Float32Array(output.type === 'float32' ? 0 : area * spec.output.channels);
    this.#mask = new Float32Array(area);
  }

  get model(): ModelSpec {
    return this.#plan.spec;
  }

  concurrencyFor(): number {
    return 1;
  }

  async run(
    pixels: Uint8Array | Uint8ClampedArray,
    selection?: ClassSelection,
    continuity: Continuity = 'alone',
  ): Promise<CpuAnswer> {
    const categories = selection?.hasCategories
      ? (this.#categories ??= new Uint8Array(this.#mask.length))
      : null;
    const answer = { mask: this.#mask, categories };
    await this.runInto(answer, pixels, selection, continuity);
    return answer;
  }

  /** The same with the answer written where it is wanted. */
  async runInto(
    { mask, categories }: CpuAnswer,
    pixels: Uint8Array | Uint8ClampedArray,
    selection?: ClassSelection,
    continuity: Continuity = 'alone',
  ): Promise<void> {
    this.#reducer.reduce(
      await this.#infer(pixels, continuity),
      selection?.foreground ?? null,
      mask,
      categories,
    );
  }

  async #infer(
    pixels: Uint8Array | Uint8ClampedArray,
    continuity: Continuity,
  ): Promise<Float32Array> {
    this.#picture.fill(pixels);
    const { name, type } = this.#plan.output;
    try {
      const results = await this.#session.run(
        { ...this.#feeds, ...this.#memory.feeds(continuity) },
        { [name]: null, ...this.#memory.fetches(continuity) },
      );
      this.#memory.keep(results, continuity);
      const scale = scaleOf(type, this.model.output.kind);
      return loadFloats(results[name]?.data as OutputData, type, scale, this.#answer);
    } catch (error) {
      throw explainRunError(this.#plan.input, error);
    }
  }

  dispose(): Promise<void> {
    this.#memory.forget();
    return this.#session.release();
  }
}
