/**
 * Facts about a model that its file may not tell: what the pixels are to become, and what its numbers mean. The `modelOptions`
 * property, the manifest and the model's own metadata say them in these same words. Whatever is left out is looked up in the
 * next source; docs/models.md tells their order.
 */
export interface ModelOptions {
  readonly input?: ModelInputOptions;
  readonly output?: ModelOutputOptions;
  /**
   * For models that remember: which inputs take what which outputs gave for the frame before. Default: `r1i` what `r1o` gave, and so on for
   * each number.
   */
  readonly recurrent?: readonly ModelStateOptions[];
}

/** A state that a model hands from frame to frame, by the names of its tensors. */
export interface ModelStateOptions {
  readonly in: string;
  readonly out: string;
}

/** How to feed a model. */
export interface ModelInputOptions {
  /** Name of the tensor that takes the picture. */
  readonly name?: string;
  /** Where the channels are: last (`nhwc`) or before height and width (`nchw`). */
  readonly layout?: 'nhwc' | 'nchw';
  /** In pixels, 1 to 2048. Of a model that takes any size it is the size to take. */
  readonly width?: number;
  readonly height?: number;
  /** What the file says it is; another claim is refused. */
  readonly type?: 'float32' | 'float16' | 'uint8';
  /** What 0 and 255 become. With `mean` or `std` that is before those. Default: [0, 1] with those, [0, 255] for `uint8`. */
  readonly range?: readonly [low: number, high: number];
  /** Subtracted from red, green and blue, in this order whatever `order` is. Default: 0. */
  readonly mean?: Channels;
  /** What red, green and blue are divided by after that. Default: 1. */
  readonly std?: Channels;
  /** Which channel is first. Default: `rgb`. */
  readonly order?: 'rgb' | 'bgr';
}

/** Values for red, green and blue. */
export type Channels = readonly [red: number, green: number, blue: number];

/** What a model answers. */
export interface ModelOutputOptions {
  /** Name of the tensor that tells the mask. */
  readonly name?: string;
  /** Where the channels are, as for the input. */
  readonly layout?: 'nhwc' | 'nchw';
  /** In pixels. */
  readonly width?: number;
  readonly height?: number;
  /**
   * What the numbers are. `probability`: one channel, 0..1, of the second of two classes; `alpha` the same of an opacity. `softmax`: a
   * channel for each class, 0..1, with a sum of 1. `logits`: such a channel before the softmax, or one before the sigmoid.
   * `categories`: one channel, the index of the class.
   */
  readonly kind?: OutputKind;
  /** Names of the classes, in the order of their channels or indices. Default for one or two channels: background, person. */
  readonly classes?: readonly string[];
  /** Names of the classes that are foreground unless the page chooses. Default: all but the first. */
  readonly foreground?: readonly string[];
}

export type OutputKind = 'probability' | 'alpha' | 'logits' | 'softmax' | 'categories';
