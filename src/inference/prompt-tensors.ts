import { isBox, type Prompt } from '../prompts.ts';

/** Prompts as a decoder takes them; see decoder-plan.ts. */
export interface PromptTensors {
  /** `[1, count, 2] float32`: x and y, in pixels of the encoder's picture. */
  readonly coords: Float32Array;
  /** `[1, count] float32` */
  readonly labels: Float32Array;
}

const padding = { x: 0, y: 0, label: -1 };
const topLeft = 2;
const bottomRight = 3;

/** @param prompts - In pixels of the encoder's picture, with one box at most. */
export function encodePrompts(prompts: readonly Prompt[]): PromptTensors {
  const points = prompts.flatMap((prompt) => {
    if (!isBox(prompt)) return [{ ...prompt, label: prompt.label ?? 1 }];
    const { x, y, width, height } = prompt;
    return [
      { x, y, label: topLeft },
      { x: x + width, y: y + height, label: bottomRight },
    ];
  });
  if (!prompts.some(isBox)) points.push(padding);
  return {
    coords: Float32Array.from(points.flatMap(({ x, y }) => [x, y])),
    labels: Float32Array.from(points, ({ label }) => label),
  };
}
