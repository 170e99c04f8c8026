import type { ModelInputOptions, ModelOutputOptions, ModelStateOptions } from '../model-options.ts';
import { Fields } from './fields.ts';

/** What is known of a model, or of a part of it. */
export interface ModelFacts {
  readonly input: ModelInputOptions;
  readonly output: ModelOutputOptions;
  readonly recurrent?: readonly ModelStateOptions[];
}

/** Longest side of a model's picture, in pixels: 2048 x 2048 x 3 floats are 50 MB. */
export const maxSidePx = 2048;
/** As many as a byte tells apart. */
export const maxClasses = 256;
/** States that a model hands on. Video models have four, language models far more. */
const maxStates = 32;

/**
 * Checks facts and copies what is known of them.
 *
 * @param json - A `ModelOptions`, as it came.
 * @param what - What that is, for messages.
 * @throws FieldError for the first field that is wrong.
 */
export function parseFacts(json: unknown, what: string): ModelFacts {
  return readFacts(new Fields(json, '', what));
}

/** The same of a document that holds more. */
export function readFacts(document: Fields): ModelFacts {
  return {
    input: readInput(document.object('input')),
    output: readOutput(document.object('output')),
    ...document.optional('recurrent', (key) =>
      document.objects(key, maxStates).map((state) => ({
        in: state.text('in'),
        out: state.text('out'),
      })),
    ),
  };
}

function readInput(input: Fields): ModelInputOptions {
  return {
    ...input.optional('name', (key) => input.text(key)),
    ...input.optional('layout', (key) => input.word(key, ['nhwc', 'nchw'])),
    ...input.optional('width', (key) => input.integer(key, 1, maxSidePx)),
    ...input.optional('height', (key) => input.integer(key, 1, maxSidePx)),
    ...input.optional('type', (key) => input.word(key, ['float32', 'float16', 'uint8'])),
    ...input.optional('range', (key) => input.range(key)),
    ...input.optional('mean', (key) => input.channels(key)),
    ...input.optional('std', (key) => input.channels(key, 0)),
    ...input.optional('order', (key) => input.word(key, ['rgb', 'bgr'])),
  };
}

function readOutput(output: Fields): ModelOutputOptions {
  const kinds = ['probability', 'alpha', 'logits', 'softmax', 'categories'] as const;
  const kind = output.optional('kind', (key) => output.word(key, kinds));
  const most = kind.kind === 'probability' || kind.kind === 'alpha' ? 2 : maxClasses;
  const count = most === 2 ? 'two' : `2 to ${most}`;
  return {
    ...output.optional('name', (key) => output.text(key)),
    ...output.optional('layout', (key) => output.word(key, ['nhwc', 'nchw'])),
    ...output.optional('width', (key) => output.integer(key, 1, maxSidePx)),
    ...output.optional('height', (key) => output.integer(key, 1, maxSidePx)),
    ...kind,
    ...output.optional('classes', (key) =>
      output.texts(key, 2, most, `${count} different names, background first`),
    ),
    ...output.optional('foreground', (key) =>
      output.texts(key, 1, maxClasses, 'a list of different names of classes'),
    ),
  };
}

/**
 * Puts facts from several sources together; of what two tell, the first counts.
 *
 * Range, mean and standard deviation are one fact: those of two sources would mean something else together. Which classes are foreground is
 * told of the classes of the same source, or of one after it.
 */
export function mergeFacts(sources: readonly ModelFacts[]): ModelFacts {
  let input: ModelInputOptions = {};
  let output: ModelOutputOptions = {};
  let recurrent: ModelFacts['recurrent'];
  for (const facts of sources) {
    const { range, mean, std, ...otherInput } = facts.input;
    const { foreground, ...otherOutput } = facts.output;
    const hasRange = !!(input.range ?? input.mean ?? input.std);
    input = { ...otherInput, ...(!hasRange && defined({ range, mean, std })), ...input };
    output = { ...otherOutput, ...(!output.classes && defined({ foreground })), ...output };
    recurrent ??= facts.recurrent;
  }
  return { input, output, ...(recurrent && { recurrent }) };
}

/** Without the fields that are undefined, which would hide others. */
function defined<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
