import type { ClassSelection, CpuAnswer, ModelSpec } from '../stage.ts';
import { ClassReducer } from '../util/class-reducer.ts';
import { planDecoder } from './decoder-plan.ts';
import { explainMissing } from './explain-missing.ts';
import { paintGolden } from './golden.ts';
import { planInput, type InputPlan } from './input-plan.ts';
import { mergeFacts } from './model-facts.ts';
import type { ModelFile, OnnxFile } from './model-loader.ts';
import { findMissing, guessInput, planPixels } from './model-plan.ts';
import type { OrtRuntime } from './ort-session.ts';
import { PictureEncoder } from './picture-encoder.ts';
import { PromptDecoder } from './prompt-decoder.ts';

/** A model of two files. */
export type PromptableFile = ModelFile & { readonly decoder: OnnxFile };

/** What is at the prompts is an object, of whatever kind. */
const answer = { kind: 'logits', classes: ['background', 'object'] } as const;

/**
 * Runs a promptable model in main memory: the encoder for each new picture that there are prompts for, the decoder for each choice of
 * prompts. In: RGBA pixels at the encoder's input size; out: the mask at the decoder's output size.
 */
export class PromptableEngine {
  readonly model: ModelSpec;
  readonly #encoder: PictureEncoder;
  readonly #decoder: PromptDecoder;
  readonly #reducer: ClassReducer;
  /** Logits of a mask of nothing. */
  readonly #nothing: Float32Array;

  /**
   * Compiles both files and runs each once, which tells the size of the masks.
   * Rejects with `backend-unavailable` or a `model-…` code.
   */
  static async create(
    runtime: OrtRuntime,
    file: PromptableFile,
  ): Promise<{ engine: PromptableEngine; warmUpMs: number }> {
    const plan = planInput(file, 'wasm');
    const input = planPixels(plan, completeFacts(plan));
    const names = file.manifest?.decoder?.names ?? {};
    const outputs = plan.header.outputs.map(({ name }) => name);
    const decoderPlan = planDecoder(file.decoder, names, input, outputs);
    const encoder = await PictureEncoder.create(runtime, plan, input);
    let decoder: PromptDecoder | undefined;
    try {
      decoder = await PromptDecoder.create(runtime, file.decoder, decoderPlan);
      const startedAt = performance.now();
      const found = await encoder.encode(paintGolden(input.width, input.height));
      const { width, height } = await decoder.decode(found, [
        { x: input.width / 2, y: input.height / 2 },
      ]);
      const warmUpMs = performance.now() - startedAt;
      const name = file.manifest?.name ?? file.url;
      const output = {
        name: decoderPlan.masks,
        layout: 'nchw',
        width,
        height,
        channels: 1,
        ...answer,
      } as const;
      const model = { name, isPromptable: true, input, output };
      return { engine: new PromptableEngine(model, encoder, decoder), warmUpMs };
    } catch (error) {
      await Promise.all([encoder.dispose(), decoder?.dispose()]);
      throw error;
    }
  }

  private constructor(model: ModelSpec, encoder: PictureEncoder, decoder: PromptDecoder) {
    this.model = model;
    this.#encoder = encoder;
    this.#decoder = decoder;
    this.#reducer = new ClassReducer(model.output);
    this.#nothing = new Float32Array(model.output.width * model.output.height).fill(-Infinity);
  }

  /** @param selection - Its prompts are in pixels of the model's input; without any, there is no object. */
  async runInto(
    { mask, categories }: CpuAnswer,
    pixels: Uint8Array | Uint8ClampedArray,
    { prompts = [], foreground }: Partial<ClassSelection> = {},
  ): Promise<void> {
    const logits =
      prompts.length === 0
        ? this.#nothing
        : (await this.#decoder.decode(await this.#encoder.encode(pixels), prompts)).values;
    this.#reducer.reduce(logits, foreground ?? null, mask, categories);
  }

  async dispose(): Promise<void> {
    await Promise.all([this.#encoder.dispose(), this.#decoder.dispose()]);
  }
}

/** @throws SegmenterError `model-unsupported` if nothing tells what pixels become. */
function completeFacts(plan: InputPlan): ReturnType<typeof mergeFacts> {
  const input = plan.family?.input ?? {};
  const facts = mergeFacts([
    ...plan.told,
    { input, output: {} },
    { input: guessInput(plan), output: {} },
  ]);
  const missing = findMissing({ ...facts, output: answer });
  if (missing.length > 0) throw explainMissing(plan, {}, facts, missing);
  return facts;
}
