/**
 * The types that pass between the stages of a frame: upload, preprocess, inference, postprocess, composite.
 * Stages know these and not each other; `pipeline/` puts them together.
 */

import type { Prompt } from './prompts.ts';

/** What the canvas shows. Every effect but `none` hides the background of the source. */
export type Effect = 'none' | 'mask' | 'cutout' | 'blur' | 'replace';

/** Where inference runs. */
export type Backend = 'webgpu' | 'webnn' | 'wasm';

/** What draws: WebGPU, WebGL2, or the CPU onto a 2D canvas for machines without a usable GPU. */
export type RendererKind = 'webgpu' | 'webgl2' | '2d';

/** What comes first where both cannot be had: frames a second, or a short time from a frame's capture to its picture. */
export type Priority = 'throughput' | 'latency';

/** A picture on its way to the worker. Whoever receives it closes it. */
export type Frame = VideoFrame | ImageBitmap;

/** How a mask leaves the pipeline. */
export type MaskFormat = 'alpha' | 'float' | 'bitmap' | 'categories' | 'contour';

/** Where the model wants its pixels, and how. */
export interface ModelInput {
  /** Name of the input tensor. */
  readonly name: string;
  /** `nhwc` is `[1, height, width, 3]`, `nchw` is `[1, 3, height, width]`, both float32 until the engine has them. */
  readonly layout: 'nhwc' | 'nchw';
  readonly width: number;
  readonly height: number;
  /** By colour, whatever the order. */
  readonly ranges: readonly [red: LevelRange, green: LevelRange, blue: LevelRange];
  readonly order: 'rgb' | 'bgr';
}

/** What 0 and 255 become. */
export type LevelRange = readonly [low: number, high: number];

/** What the model answers: `[1, height, width, channels]` (nhwc) or `[1, channels, height, width]` (nchw), float32 once the engine had it. */
export interface ModelOutput {
  /** Name of the output tensor. */
  readonly name: string;
  /** One for each class; or 1: it tells of the second of two, or, of `categories`, which it is. */
  readonly channels: number;
  /**
   * `probability`: one channel, 0..1. `softmax`: a channel for each class, 0..1, with a sum of 1. `logits`: before the sigmoid (one channel)
   * or the softmax (more) that makes such of them. `categories`: one channel, the index of the class; what is no index is the first.
   */
  readonly kind: 'probability' | 'logits' | 'softmax' | 'categories';
  readonly layout: 'nhwc' | 'nchw';
  readonly width: number;
  readonly height: number;
  /** Class names, background first unless `foreground` says otherwise. */
  readonly classes: readonly string[];
  /** Indices of the classes that are foreground unless the page chooses. Default: all but the first. */
  readonly foreground?: readonly number[];
}

/** Which of a model's classes count as foreground, and whether the class of each pixel is wanted as well. */
export interface ClassSelection {
  /** Indices into {@link ModelOutput.classes}, rising. */
  readonly foreground: readonly number[];
  readonly hasCategories: boolean;
  /** Of a promptable model: what is foreground, in pixels of the picture at hand. None, and if left out: nothing is. */
  readonly prompts?: readonly Prompt[];
}

/** The answer of a model that runs on the CPU, reduced to what is drawn and told of it. */
export interface CpuAnswer {
  /** `[height, width] float32`, row-major: probability of foreground, 0..1. */
  readonly mask: Float32Array;
  /** `[height, width]` bytes, row-major: index of the likeliest class; null unless it was asked for. */
  readonly categories: Uint8Array | null;
}

/**
 * Which part of a frame a model sees: all of it, stretched; or, once people were found there, what is around them, so that they have all of
 * its pixels.
 */
export type Framing = 'whole' | 'people';

/**
 * How a model is to see a frame: all of it; the part around the people of the frames before; or, of a picture by itself, around those
 * that {@link Renderer.look} found in it. The latter are all of it for models whose framing is `whole`.
 */
export type View = 'whole' | 'stream' | 'still';

/**
 * Where a picture stands, for models that remember: by itself, which begins from nothing and is not remembered; the first of a scene, which
 * begins from nothing; or after the one that was run before.
 */
export type Continuity = 'alone' | 'first' | 'next';

/** All that the stages around a model need to know of it. */
export interface ModelSpec {
  readonly name: string;
  /** `whole` by default. */
  readonly framing?: Framing;
  /** Whether its answers depend on the frames before, which must come one at a time then, in their order. Default: false. */
  readonly isRecurrent?: boolean;
  /** Whether it selects what {@link ClassSelection.prompts} say, and nothing without them. */
  readonly isPromptable?: boolean;
  readonly input: ModelInput;
  readonly output: ModelOutput;
}

/** Straight (not premultiplied) sRGB colour, each channel 0..1. */
export type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/** How the composite stage is to draw. */
export interface EffectOptions {
  readonly effect: Effect;
  /** Standard deviation of the background blur, in pixels of the source. */
  readonly blurRadiusPx: number;
  /**
   * For `replace`: fills what the background picture leaves open, and all of it while there is no picture.
   * The picture itself is given to the renderer by {@link Renderer.setBackground}.
   */
  readonly backgroundColor: Rgba;
}

/** What is done to a model's answer until it is a frame's mask. */
export interface MaskShaping {
  /** What the engine was told; without it every class but the background is foreground. */
  readonly selection?: ClassSelection;
  /** Moves the outline to where the colours of the frame change. */
  readonly refine: boolean;
  /** Of a frame of the stream: how it follows the frames before. null: a picture by itself, which no other follows. */
  readonly stream: {
    /** How long a mask lingers where the picture stands still, in milliseconds; 0: not at all. */
    readonly lingerMs: number;
    /** Media time of the frame, in microseconds. */
    readonly timestampUs: number;
  } | null;
}

/**
 * Where masks are refined: at the resolution of the frame, at that of the mask, or not at all, because they are not to be or because
 * it would take too much of this device's time.
 */
export type Refinement = 'frame' | 'mask' | 'off';

/** How to read a mask: at which size, in pixels, and as what. It is resized bilinearly, `categories` to the nearest. */
export interface MaskReading {
  readonly width: number;
  readonly height: number;
  /**
   * `levels` are bytes 0..255; `floats` 0..1; `classes` bytes, 0 below the threshold and 1 from it on; `categories` bytes, the
   * likeliest class, which {@link Renderer.postprocess} must have been told to keep.
   */
  readonly values: 'levels' | 'floats' | 'classes' | 'categories';
  /** 0..1 */
  readonly threshold: number;
}

/** `width * height` values, row-major, top-left first, in a buffer of their own. */
export type MaskPixels = Uint8Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/** One frame inside a renderer: its pixels at source resolution and, once inference ran, its mask. */
export interface Surface {
  /** Size of the frame last uploaded, in pixels; 0 before. */
  readonly width: number;
  readonly height: number;
  /** Whether `postprocess` ran on the frame last uploaded. */
  readonly hasMask: boolean;
  /** Frees its textures. The surface is unusable afterwards. */
  destroy(): void;
}

/**
 * Everything that touches pixels. One instance serves one canvas and one model at a time.
 *
 * `Input` and `Output` are what it exchanges with its {@link InferenceEngine}: GPU buffers where both share a
 * device, pixels and a {@link CpuAnswer} where they do not. A surface belongs to the renderer that made it.
 */
export interface Renderer<Input, Output, S extends Surface = Surface> {
  readonly kind: RendererKind;
  /** Longest side of a frame that the GPU has room for, in pixels; Infinity where it does not draw. */
  readonly maxSidePx: number;
  /** Presents on `canvas` from now on. A canvas is bound for ever to its first renderer kind and worker. */
  attachCanvas(canvas: OffscreenCanvas): void;
  createSurface(): S;
  /** Copies the visible, rotated pixels of `frame` into `surface`, resizing it. The caller closes the frame. */
  upload(surface: S, frame: Frame): Promise<void>;
  /** Samples the surface into the model's input, all of it by default. What it returns is valid until the next call. */
  preprocess(surface: S, view?: View): Input | Promise<Input>;
  /**
   * Finds the people in the model's answer to all of the surface, for the next `preprocess` by that view. Only models whose framing is
   * `people` may be asked.
   *
   * @param selection - What the engine was told.
   */
  look(surface: S, output: Output, view: Exclude<View, 'whole'>, selection?: ClassSelection): void;
  /**
   * Makes of the model's answer to what `preprocess` gave last the surface's mask; beyond what the model saw there is nobody. `output` may be written again after the next `preprocess`. Frames of the stream
   * must come in their order.
   */
  postprocess(surface: S, output: Output, shaping: MaskShaping): void;
  /**
   * Whether the last frame of the stream began another scene. Never on WebGPU, where nobody but the GPU knows in time.
   */
  readonly isCut: boolean;
  /** What `refine` comes to here. */
  readonly refinement: Refinement;
  /**
   * Draws frame and mask to the attached canvas (sized to the surface), if there is one.
   * Draws nothing at all when the effect needs a mask and the surface has none.
   */
  composite(surface: S, options: EffectOptions): void;
  /** Sets the picture for `replace`, drawn like `object-fit: cover`; null for none. The caller closes the frame. */
  setBackground(picture: Frame | null): Promise<void>;
  /**
   * Reads the mask, which there must be, as it is now, whatever is done with the surface afterwards.
   * The pixels are the caller's.
   */
  readMask(surface: S, reading: MaskReading): Promise<MaskPixels>;
  /** Composites again and encodes what was drawn, at the surface's size. */
  snapshot(surface: S, options: EffectOptions, type: string, quality: number): Promise<Blob>;
  /** Makes the attached canvas fully transparent. The next frame has nothing to do with those before. */
  clear(): void;
  /** Resolves once everything handed over so far is done; used for back-pressure. */
  finished(): Promise<void>;
  /** Frees everything but the surfaces, which their owner destroys. */
  dispose(): void;
}

/** Runs one model. */
export interface InferenceEngine<Input, Output> {
  readonly backend: Backend;
  readonly model: ModelSpec;
  /** How many `run` calls may be open at once. 1 where input and output are fixed buffers. */
  concurrencyFor(priority: Priority): number;
  /**
   * Runs the model once. Resolves when the answer may be handed to `Renderer.postprocess`; that is at
   * submit, not at completion, where both are on the GPU. The answer is valid until the next call resolves.
   *
   * @param selection - By which to reduce the answer, if that is done here. Default: all but the background.
   * @param continuity - Of no matter where the model is not recurrent. Default: `alone`.
   */
  run(input: Input, selection?: ClassSelection, continuity?: Continuity): Promise<Output>;
  dispose(): Promise<void>;
}

/**
 * How long one frame took in each stage, in milliseconds of its worker's time. On WebGPU that is the time to record the
 * work, not the GPU's. Stages that a frame did not need are 0.
 */
export interface StageTimes {
  readonly uploadMs: number;
  readonly preprocessMs: number;
  /** The model's run, with the way to an inference worker and back where there is one. */
  readonly inferenceMs: number;
  readonly postprocessMs: number;
  readonly compositeMs: number;
}

/** Whether drawing this effect takes a mask. */
export function needsMask(effect: Effect): boolean {
  return effect !== 'none';
}
