import { SegmenterError } from '../errors.ts';
import type { ModelInputOptions, ModelOutputOptions } from '../model-options.ts';
import type { InputPlan } from './input-plan.ts';
import type { ModelFacts } from './model-facts.ts';

/** Something that no source tells. */
export interface MissingFact {
  /** As in a manifest. */
  readonly field: `input.${keyof ModelInputOptions}` | `output.${keyof ModelOutputOptions}`;
  /** For people: what it is, and what it may be. */
  readonly means: string;
}

/** What stands in a manifest to start from where something is missing. */
const blank = '?';

/**
 * A `model-unsupported` that says what is missing, with a manifest that holds what is known.
 *
 * @param remark - A sentence before that, or nothing.
 */
export function explainMissing(
  { file, picture }: InputPlan,
  output: ModelOutputOptions,
  facts: ModelFacts,
  missing: readonly MissingFact[],
  remark = '',
): SegmenterError {
  const name = new URL(file.url).pathname.split('/').at(-1) ?? '';
  const { layout, width, height, type } = picture;
  const draft: Record<string, Record<string, unknown> | string> = {
    file: name,
    input: { name: picture.name, layout, width, height, type, ...facts.input },
    output: { ...output, ...facts.output },
  };
  for (const { field } of missing) {
    const [part, key] = field.split('.') as ['input' | 'output', string];
    (draft[part] as Record<string, unknown>)[key] = blank;
  }
  return new SegmenterError(
    'model-unsupported',
    `${file.url} does not tell all that it takes to use it. ${remark}Missing: ` +
      missing.map(({ field, means }) => `"${field}" (${means})`).join('; ') +
      `. Tell it by \`modelOptions\`, or in a manifest beside the model, ${name.replace(/\.onnx$/, '')}.json. ` +
      `To start from:\n${JSON.stringify(draft, null, 2)}`,
  );
}
