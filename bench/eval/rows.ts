/** One line of a table: who makes the masks, and how. */
export interface EvalRow {
  readonly name: string;
  readonly maker: 'element' | 'mediapipe';
  /** `auto` takes `selfie-landscape` for what is wider than 4:3, else `selfie`. */
  readonly model: 'auto' | 'selfie' | 'selfie-landscape';
  /** Of the element: URL of a model that takes the place of `model`. */
  readonly modelUrl?: string;
}

const models = ['auto', 'selfie', 'selfie-landscape'] as const;

export const evalRows: readonly EvalRow[] = (['element', 'mediapipe'] as const).flatMap((maker) =>
  models.map((model) => ({ name: `${maker} ${model}`, maker, model })),
);
