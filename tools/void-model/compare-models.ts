import type * as Ort from 'onnxruntime-web';

import { isFixed } from './analysis/integers.ts';
import type { OnnxValue } from './onnx/graph.ts';
import type { OnnxModel } from './onnx/model.ts';
import { writeModel } from './onnx/writer.ts';
import { loadRuntime, runModel } from './run-model.ts';
import type { Tensors } from './run-model.ts';
import { ToolError } from './tool-error.ts';

/** How far two models' answers to the same inputs are apart. */
export interface Difference {
  /** Largest difference of two numbers. */
  readonly max: number;
  /** Largest number that the first model answered, without its sign: what `max` is to be seen against. */
  readonly scale: number;
}

/**
 * Runs two models of the same inputs and outputs on random inputs, noise and stripes in turn, with ONNX Runtime Web.
 *
 * @throws ToolError `unsupported-model` if one of them does not run, or leaves a size open.
 */
export async function compareModels(
  first: OnnxModel,
  second: OnnxModel,
  rounds: number,
): Promise<Difference> {
  const { Tensor } = await loadRuntime();
  const random = createRandom(1);
  const constants = new Set(first.graph.tensors.map(({ name }) => name));
  const inputs = first.graph.inputs.filter(({ name }) => !constants.has(name));
  const feeds = Array.from({ length: rounds }, (_, round): Tensors => {
    const nextLevel = round % 2 === 0 ? random : createStripes(random);
    return Object.fromEntries(inputs.map((input) => [input.name, fill(Tensor, input, nextLevel)]));
  });
  const expected = await runModel(writeModel(first), feeds);
  const actual = await runModel(writeModel(second), feeds);
  let [max, scale] = [0, 0];
  for (const [round, answers] of expected.entries()) {
    for (const [name, answer] of Object.entries(answers)) {
      const difference = compareTensors(answer, actual[round]?.[name]);
      max = Math.max(max, difference.max);
      scale = Math.max(scale, difference.scale);
    }
  }
  return { max, scale };
}

/** Answers of other sizes are infinitely far apart. Where both are no number, or the same infinity, they agree. */
function compareTensors(expected: Ort.Tensor, actual: Ort.Tensor | undefined): Difference {
  const isAlike = actual?.type === expected.type && actual.dims.join() === expected.dims.join();
  if (!isAlike) return { max: Infinity, scale: 0 };
  const [a, b] = [expected.data as ArrayLike<unknown>, actual.data as ArrayLike<unknown>];
  let [max, scale] = [0, 0];
  for (let index = 0; index < a.length; index++) {
    const [left, right] = [Number(a[index]), Number(b[index])];
    if (Number.isFinite(left)) scale = Math.max(scale, Math.abs(left));
    if (Object.is(left, right)) continue;
    const distance = Math.abs(left - right);
    max = Math.max(max, Number.isNaN(distance) ? Infinity : distance);
  }
  return { max, scale };
}

/** Levels 0..1, as pictures have; whole numbers of 0 and 1 where the model wants such. */
function fill(Tensor: typeof Ort.Tensor, value: OnnxValue, nextLevel: () => number): Ort.Tensor {
  const { name, dims, type = 'float32' } = value;
  if (!dims?.every(isFixed)) {
    const sizes = dims ? `[${dims.map((size) => size ?? '?').join(', ')}]` : 'unknown sizes';
    throw new ToolError(
      'unsupported-model',
      `To run the model its sizes have to be fixed, but "${name}" has ${sizes}. Give them: --dim NAME=SIZE.`,
    );
  }
  const length = dims.reduce((product, size) => product * size, 1);
  const levels = Array.from({ length }, nextLevel);
  switch (type) {
    case 'float32':
      return new Tensor('float32', Float32Array.from(levels), dims);
    case 'float64':
      return new Tensor('float64', Float64Array.from(levels), dims);
    case 'uint8':
      return new Tensor(
        'uint8',
        Uint8Array.from(levels, (level) => level * 256),
        dims,
      );
    case 'int32':
      return new Tensor('int32', Int32Array.from(levels, Math.round), dims);
    case 'int64':
      return new Tensor(
        'int64',
        BigInt64Array.from(levels, (level) => BigInt(Math.round(level))),
        dims,
      );
    case 'bool':
      return new Tensor('bool', Uint8Array.from(levels, Math.round), dims);
    default:
      throw new ToolError(
        'unsupported-model',
        `The model takes ${type} as "${name}", which this tool cannot make up; so it cannot be checked.`,
      );
  }
}

/** Numbers from 0 to 1 that look random and are always the same (a linear congruential generator). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Levels of a wave of random length: neighbours are alike, as in pictures. */
function createStripes(random: () => number): () => number {
  const step = 0.001 + random() / 10;
  let phase = random();
  return () => 0.5 + 0.5 * Math.sin((phase += step));
}
