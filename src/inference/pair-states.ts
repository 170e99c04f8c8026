import { SegmenterError } from '../errors.ts';
import type { ModelStateOptions } from '../model-options.ts';
import type { OnnxHeader, TensorInfo } from './onnx-header.ts';
import { describeTensor } from './tensor-shape.ts';

/** An input, and the output that gives what it takes of the frame before. */
export interface StatePair {
  readonly input: TensorInfo;
  readonly output: TensorInfo;
}

/** Most numbers in the first state of a model: 128 MB of float32. */
const maxLength = 2 ** 25;

/**
 * Finds what a model hands from frame to frame.
 *
 * @param told - By name; undefined: `r1i` takes what `r1o` gave, and so on, as Robust Video Matting has it.
 * @throws SegmenterError `model-unsupported` for a pair that is told and cannot be.
 */
export function pairStates(
  url: string,
  { inputs, outputs }: OnnxHeader,
  told: readonly ModelStateOptions[] | undefined,
): readonly StatePair[] {
  if (!told) {
    return inputs.flatMap((input) => {
      const [, stem] = /^(r\d+)i$/.exec(input.name) ?? [];
      const output = outputs.find(({ name }) => name === `${stem}o`);
      return output ? [{ input, output }] : [];
    });
  }
  return told.map((pair, i) => {
    const input = inputs.find(({ name }) => name === pair.in);
    const output = outputs.find(({ name }) => name === pair.out);
    const others = told.slice(0, i);
    const refuse = (why: string): SegmenterError => {
      const list = (tensors: readonly TensorInfo[]): string =>
        tensors.map(describeTensor).join(', ');
      return new SegmenterError(
        'model-unsupported',
        `"recurrent" feeds "${pair.in}" of ${url} with "${pair.out}", but ${why}. The model takes ${list(inputs)} and gives ${list(outputs)}. Correct it.`,
      );
    };
    if (!input) throw refuse('there is no such input');
    if (!output) throw refuse('there is no such output');
    if (others.some((other) => other.in === pair.in || other.out === pair.out)) {
      throw refuse('one of them is in another pair, too');
    }
    if (input.type !== output.type || !['float32', 'float16'].includes(input.type)) {
      throw refuse('they are not both float32 or both float16');
    }
    if (i + 1 >= outputs.length) {
      throw refuse('no output is left for the mask, which must be one of its own');
    }
    const sizes = (input.dims ?? []).filter((size) => typeof size === 'number');
    if (sizes.reduce((product, size) => product * size, 1) > maxLength) {
      throw refuse(`more than ${maxLength} numbers are too many`);
    }
    return { input, output };
  });
}
