/**
 * What a promptable model is to select, for `prompts` of the element and of `segment()`. Places are in pixels of the source as it is
 * displayed, from its top left corner; they may be fractions.
 */
export type Prompt = PointPrompt | BoxPrompt;

/** A point of what is wanted, or of what is not. */
export interface PointPrompt {
  readonly x: number;
  readonly y: number;
  /** 1 (default): what is here is wanted; 0: it is not. */
  readonly label?: 0 | 1;
}

/** A rectangle around what is wanted, from its top left corner. A DOMRect is one. */
export interface BoxPrompt {
  readonly x: number;
  readonly y: number;
  /** More than 0. */
  readonly width: number;
  readonly height: number;
}

/** Tells boxes from points. */
export function isBox(prompt: Prompt): prompt is BoxPrompt {
  return 'width' in prompt;
}
