import { SegmenterError } from '../errors.ts';
import { isBox, type Prompt } from '../prompts.ts';
import type { ModelSpec } from '../stage.ts';

/**
 * Checks what a page set as `prompts`, and copies what is known of it.
 *
 * @throws SegmenterError `option-invalid` for what is no prompt, more than one box, or any for a model that takes none.
 */
export function checkPrompts(wanted: unknown, model: ModelSpec): readonly Prompt[] {
  if (!Array.isArray(wanted)) throw refuse(wanted, 'It should be a list of points and boxes');
  if (wanted.length > 0 && !model.isPromptable) {
    throw new SegmenterError(
      'option-invalid',
      `prompts: the model ${model.name} takes none. Set \`model\` to a promptable one (see docs/models.md), or leave prompts out.`,
    );
  }
  const prompts = wanted.map(checkPrompt);
  if (prompts.filter(isBox).length > 1) throw refuse(wanted, 'There may be one box at most');
  return prompts;
}

/** The same places in a picture of another size. */
export function scalePrompts(
  prompts: readonly Prompt[],
  from: { readonly width: number; readonly height: number },
  to: { readonly width: number; readonly height: number },
): readonly Prompt[] {
  const across = to.width / from.width;
  const down = to.height / from.height;
  return prompts.map((prompt) => {
    const place = { x: prompt.x * across, y: prompt.y * down };
    return isBox(prompt)
      ? { ...place, width: prompt.width * across, height: prompt.height * down }
      : { ...prompt, ...place };
  });
}

function checkPrompt(prompt: unknown): Prompt {
  const { x, y, width, height, label = 1 } = (prompt ?? {}) as Partial<Record<string, unknown>>;
  if (!isNumber(x) || !isNumber(y)) throw refuse(prompt, 'x and y should be numbers');
  if (width !== undefined || height !== undefined) {
    if (isNumber(width) && isNumber(height) && width > 0 && height > 0) {
      return { x, y, width, height };
    }
    throw refuse(prompt, 'width and height of a box should be numbers above 0');
  }
  if (label === 0 || label === 1) return { x, y, label };
  throw refuse(prompt, 'The label of a point should be 1 (wanted) or 0 (not wanted)');
}

function isNumber(value: unknown): value is number {
  return Number.isFinite(value);
}

function refuse(value: unknown, help: string): SegmenterError {
  return new SegmenterError(
    'option-invalid',
    `prompts: ${JSON.stringify(value).slice(0, 80)} is not known. ${help}: { x, y, label } is a point, { x, y, width, height } a box, in pixels of the source.`,
  );
}
