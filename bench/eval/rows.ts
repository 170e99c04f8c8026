import type { MatteOptions } from '../../src/protocol/messages.ts';

/** One line of a table: who makes the masks, and how. */
export interface EvalRow {
  readonly name: string;
  readonly maker: 'element' | 'mediapipe';
  /** `auto` takes `selfie-landscape` for clips wider than 4:3, else `selfie`. */
  readonly model: 'auto' | 'selfie' | 'selfie-landscape';
  /** Of the element. */
  readonly matte: MatteOptions;
  /** Of the element: whether the model sees all of every frame, where its manifest lets it follow people. Default: false. */
  readonly seesWholeFrames?: boolean;
  /** Of the element: URL of a model that takes the place of `model`. */
  readonly modelUrl?: string;
}

const models = ['auto', 'selfie', 'selfie-landscape'] as const;

/** As the element does by itself. */
export const asItIs: MatteOptions = { refine: true, smoothing: 0.7 };

export const evalRows: readonly EvalRow[] = [
  ...models.map((model) => ({
    name: `element ${model}`,
    maker: 'element' as const,
    model,
    matte: asItIs,
  })),
  // What each step is worth.
  {
    name: 'element auto, as the model gives it',
    maker: 'element',
    model: 'auto',
    matte: { refine: false, smoothing: 0 },
    seesWholeFrames: true,
  },
  {
    name: 'element auto, whole frames',
    maker: 'element',
    model: 'auto',
    matte: asItIs,
    seesWholeFrames: true,
  },
  {
    name: 'element auto, smoothing="0"',
    maker: 'element',
    model: 'auto',
    matte: { ...asItIs, smoothing: 0 },
  },
  {
    name: 'element auto, no-refine',
    maker: 'element',
    model: 'auto',
    matte: { ...asItIs, refine: false },
  },
  ...models.map((model) => ({
    name: `mediapipe ${model}`,
    maker: 'mediapipe' as const,
    model,
    matte: asItIs,
  })),
];
