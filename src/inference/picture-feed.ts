import type * as Ort from 'onnxruntime-web';
import type { ModelInput } from '../stage.ts';
import type { TensorPlan } from './input-plan.ts';
import type { OrtModule } from './ort-session.ts';
import { fillTensor } from './pixel-tensor.ts';
import { createInputData, storeFloats, type InputData } from './tensor-data.ts';

/** The tensor in main memory that takes a model's picture. It is the same one for every run. */
export class PictureFeed {
  readonly tensor: Ort.Tensor;
  readonly #input: ModelInput;
  readonly #levels: Float32Array;
  /** What the session is fed; the levels themselves where they are of the model's type. */
  readonly #data: InputData;

  constructor(ort: OrtModule, { type, dims }: TensorPlan, input: ModelInput) {
    this.#input = input;
    this.#levels = new Float32Array(3 * input.width * input.height);
    this.#data = type === 'float32' ? this.#levels : createInputData(type, this.#levels.length);
    this.tensor = new ort.Tensor(type as 'float32', this.#data as Float32Array, dims);
  }

  /** @param pixels - RGBA, 8 bit, row-major, at the model's input size. Alpha is ignored. */
  fill(pixels: Uint8Array | Uint8ClampedArray): void {
    fillTensor(pixels, this.#input, this.#levels);
    if (this.#data !== this.#levels) storeFloats(this.#levels, this.#data);
  }
}
