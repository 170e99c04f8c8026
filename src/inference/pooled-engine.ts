import type { Channel } from '../protocol/channel.ts';
import type { NoNotices, NoRequests, TensorRequests } from '../protocol/messages.ts';
import type { Backend, InferenceEngine, ModelSpec } from '../stage.ts';

/** The render worker's line to an inference worker. */
export type TensorChannel = Channel<TensorRequests, NoNotices, NoRequests, NoNotices>;

interface Slot {
  pixels: ArrayBuffer;
  mask: ArrayBuffer;
}

/**
 * Runs a model in another worker. Pixels and masks travel in buffers that are allocated once and transferred there and
 * back. Answers come in the order of the calls.
 */
export class PooledEngine implements InferenceEngine<Uint8ClampedArray, Float32Array> {
  readonly backend: Backend = 'wasm';
  readonly model: ModelSpec;
  /** One frame in the worker, the next on its way: the worker never waits for the compositor. */
  readonly concurrency = 2;
  readonly #channel: TensorChannel;
  readonly #free: Slot[];
  readonly #answer: Float32Array;

  /** @param channel - To a worker that has loaded `model`. Closed by `dispose`. */
  constructor(channel: TensorChannel, model: ModelSpec) {
    this.#channel = channel;
    this.model = model;
    this.#answer = new Float32Array(model.output.width * model.output.height);
    this.#free = Array.from({ length: this.concurrency }, () => this.#createSlot());
  }

  async run(pixels: Uint8ClampedArray): Promise<Float32Array> {
    const slot = this.#free.pop();
    if (!slot) throw new Error('More runs at once than the engine allows.');
    try {
      new Uint8ClampedArray(slot.pixels).set(pixels);
      const transfer = [slot.pixels, slot.mask];
      const back = await this.#channel.request('run', slot, { transfer });
      slot.pixels = back.pixels;
      slot.mask = back.mask;
      this.#answer.set(new Float32Array(slot.mask));
      return this.#answer;
    } catch (error) {
      // What was transferred does not come back with an error.
      Object.assign(slot, this.#createSlot());
      throw error;
    } finally {
      this.#free.push(slot);
    }
  }

  #createSlot(): Slot {
    const { input } = this.model;
    return {
      pixels: new ArrayBuffer(input.width * input.height * 4),
      mask: new ArrayBuffer(this.#answer.byteLength),
    };
  }

  dispose(): Promise<void> {
    this.#channel.close();
    return Promise.resolve();
  }
}
