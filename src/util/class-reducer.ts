/** What a {@link ClassReducer} has to know of a model's answer. See ModelOutput. */
export interface ClassTensor {
  readonly layout: 'nhwc' | 'nchw';
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly kind: 'probability' | 'logits' | 'softmax' | 'categories';
  readonly classes: readonly string[];
}

/**
 * Reduces a model's answer to what is drawn and told of it: how likely each pixel is foreground, and of which class it
 * is. On a GPU `classes.wgsl` computes the same.
 */
export class ClassReducer {
  readonly #tensor: ClassTensor;
  /** By class: 1 if it is foreground, else 0. */
  readonly #weights: Float32Array;

  constructor(tensor: ClassTensor) {
    this.#tensor = tensor;
    this.#weights = new Float32Array(tensor.classes.length);
  }

  /**
   * @param answer - `[1, height, width, channels]` (nhwc) or `[1, channels, height, width]` (nchw) float32.
   * @param foreground - Indices of the classes that are foreground; null: all but the first.
   * @param mask - `[height, width]` float32, 0..1: sum of the probabilities of `foreground`. Filled here.
   * @param categories - `[height, width]` bytes: index of the likeliest class, of several the first. Filled here.
   */
  reduce(
    answer: Float32Array,
    foreground: readonly number[] | null,
    mask: Float32Array,
    categories: Uint8Array | null,
  ): void {
    this.#weights.fill(Number(foreground === null));
    if (foreground === null) this.#weights[0] = 0;
    else for (const index of foreground) this.#weights[index] = 1;
    if (this.#tensor.kind === 'categories') this.#reduceCategories(answer, mask, categories);
    else if (this.#tensor.channels === 1) this.#reduceOne(answer, mask, categories);
    else this.#reduceAll(answer, mask, categories);
  }

  /** What is no index of a class counts as the first. */
  #reduceCategories(answer: Float32Array, mask: Float32Array, categories: Uint8Array | null): void {
    const count = this.#weights.length;
    for (let i = 0; i < mask.length; i++) {
      const value = answer[i] as number;
      const category = value > 0 && value < count ? Math.trunc(value) : 0;
      mask[i] = this.#weights[category] as number;
      if (categories) categories[i] = category;
    }
  }

  /** The probability of the second class says that of the first. */
  #reduceOne(answer: Float32Array, mask: Float32Array, categories: Uint8Array | null): void {
    const isLogit = this.#tensor.kind === 'logits';
    const [first, second] = this.#weights as unknown as readonly [number, number];
    for (let i = 0; i < mask.length; i++) {
      const value = answer[i] as number;
      const probability = isLogit ? 1 / (1 + Math.exp(-value)) : value;
      mask[i] = first * (1 - probability) + second * probability;
      if (categories) categories[i] = Number(probability >= 0.5);
    }
  }

  #reduceAll(answer: Float32Array, mask: Float32Array, categories: Uint8Array | null): void {
    const { layout, channels, kind } = this.#tensor;
    const [pixelStep, channelStep] = layout === 'nhwc' ? [channels, 1] : [1, mask.length];
    for (let i = 0; i < mask.length; i++) {
      const start = i * pixelStep;
      let largest = answer[start] as number;
      let likeliest = 0;
      for (let channel = 1; channel < channels; channel++) {
        const value = answer[start + channel * channelStep] as number;
        if (value > largest) {
          largest = value;
          likeliest = channel;
        }
      }
      let sum = 0;
      let chosen = 0;
      for (let channel = 0; channel < channels; channel++) {
        const value = answer[start + channel * channelStep] as number;
        // Less the largest, so that no exponential overflows.
        const part = kind === 'logits' ? Math.exp(value - largest) : value;
        sum += part;
        chosen += part * (this.#weights[channel] as number);
      }
      mask[i] = kind === 'logits' ? chosen / sum : chosen;
      if (categories) categories[i] = likeliest;
    }
  }
}
