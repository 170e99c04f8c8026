import { computeIou } from '../../../bench/metrics/iou.ts';
import { ToolError } from '../tool-error.ts';
import { foregroundOf, guessKind, likeliest, readClassMaps } from './class-maps.ts';
import type { ClassMaps, OutputKind } from './class-maps.ts';
import type { Answer, ModelSession } from './model-session.ts';

/** One of the two models that are compared. */
export interface Contestant<Contents> {
  readonly name: string;
  readonly session: ModelSession;
  /** Makes its inputs of what both are shown. */
  readonly feed: (contents: Contents) => readonly Answer[];
}

/** Something that both models are shown, such as a picture. */
export interface Sample<Contents> {
  readonly name: string;
  readonly contents: Contents;
}

/** A value that is worst on one of the samples. */
export interface Extreme {
  readonly mean: number;
  readonly worst: number;
  /** Name of that sample. */
  readonly worstOn: string;
}

export interface Speed {
  readonly medianMs: number;
  readonly fastestMs: number;
}

/** How two models differ. */
export interface Comparison {
  readonly samples: number;
  /** How the numbers were read, and whether that is a guess. */
  readonly kind: OutputKind;
  readonly isKindGuessed: boolean;
  readonly classes: number;
  /** Of probabilities, over all pixels and classes. The mean is of the means of the samples. */
  readonly difference: Extreme;
  /** Of the foreground at 0.5. */
  readonly iou: Extreme;
  /** Share of pixels of the same likeliest class; null if there is one class alone. */
  readonly agreement: number | null;
  /** Of one run each, in turns, both warm. */
  readonly speed: readonly [Speed, Speed];
}

export interface CompareOptions {
  /** How to read the numbers. Default: by what they are in the first answer. */
  readonly kind?: OutputKind | undefined;
  /** Fewest runs of each that are timed; the last sample is repeated. Default 20. */
  readonly minRuns?: number | undefined;
  /** Called after each sample, with how many are done. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/**
 * Shows samples to two models and measures how far the second is from the first, and how long each takes.
 *
 * @throws ToolError `unsupported-model` if the answers are not of one size.
 */
export async function compareModels<Contents>(
  models: readonly [Contestant<Contents>, Contestant<Contents>],
  samples: AsyncIterable<Sample<Contents>> | Iterable<Sample<Contents>>,
  { kind: givenKind, minRuns = 20, onProgress }: CompareOptions = {},
): Promise<Comparison> {
  const times: [number[], number[]] = [[], []];
  const scores: Score[] = [];
  let kind = givenKind;
  let inputs: [readonly Answer[], readonly Answer[]] | undefined;
  for await (const sample of samples) {
    const isFirst = inputs === undefined;
    inputs = [models[0].feed(sample.contents), models[1].feed(sample.contents)];
    if (isFirst) await runBoth(models, inputs, 0);
    const { answers, elapsedMs } = await runBoth(models, inputs, scores.length);
    times[0].push(elapsedMs[0]);
    times[1].push(elapsedMs[1]);
    kind ??= guessKind(answers[0]);
    scores.push(score(sample.name, models, answers, kind));
    onProgress?.(scores.length);
  }
  if (!inputs || !kind) throw new ToolError('usage', 'There is nothing to compare the models on.');
  while (times[0].length < minRuns) {
    const { elapsedMs } = await runBoth(models, inputs, times[0].length);
    times[0].push(elapsedMs[0]);
    times[1].push(elapsedMs[1]);
  }
  return {
    samples: scores.length,
    kind,
    isKindGuessed: givenKind === undefined,
    classes: scores[0]?.classes ?? 0,
    difference: {
      mean: mean(scores.map(({ meanDifference }) => meanDifference)),
      ...findWorst(scores, ({ largestDifference }) => largestDifference),
    },
    iou: {
      mean: mean(scores.map(({ iou }) => iou)),
      ...findWorst(scores, ({ iou }) => iou, -1),
    },
    agreement:
      scores[0]?.agreement === null ? null : mean(scores.map((each) => each.agreement ?? 0)),
    speed: [summarize(times[0]), summarize(times[1])],
  };
}

type Runnable = Pick<Contestant<unknown>, 'name' | 'session'>;

/** Runs one after the other, in turns which is the first. */
async function runBoth(
  models: readonly [Runnable, Runnable],
  inputs: readonly [readonly Answer[], readonly Answer[]],
  round: number,
): Promise<{ answers: [Answer, Answer]; elapsedMs: [number, number] }> {
  const answers: (Answer | undefined)[] = [];
  const elapsedMs: [number, number] = [0, 0];
  for (const i of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
    const startedAt = performance.now();
    [answers[i]] = await models[i].session.run(inputs[i]);
    elapsedMs[i] = performance.now() - startedAt;
  }
  return { answers: answers as [Answer, Answer], elapsedMs };
}

/** How far two answers to one sample are apart. */
interface Score {
  readonly name: string;
  readonly classes: number;
  readonly meanDifference: number;
  readonly largestDifference: number;
  readonly iou: number;
  readonly agreement: number | null;
}

function score(
  name: string,
  models: readonly [Runnable, Runnable],
  answers: readonly [Answer, Answer],
  kind: OutputKind,
): Score {
  const [a, b] = [readClassMaps(answers[0], kind), readClassMaps(answers[1], kind)];
  if (a.width !== b.width || a.height !== b.height || a.planes.length !== b.planes.length) {
    throw new ToolError(
      'unsupported-model',
      `"${models[0].name}" answers ${describeSize(a)}, "${models[1].name}" ${describeSize(b)}; ` +
        'only answers of one size are compared.',
    );
  }
  return {
    name,
    classes: a.planes.length,
    ...findDifferences(a, b),
    iou: computeIou(foregroundOf(b), foregroundOf(a)),
    agreement: a.planes.length === 1 ? null : findAgreement(a, b),
  };
}

function describeSize({ width, height, planes }: ClassMaps): string {
  return `${width}x${height} with ${planes.length} ${planes.length === 1 ? 'channel' : 'channels'}`;
}

function findDifferences(a: ClassMaps, b: ClassMaps) {
  let sum = 0;
  let largest = 0;
  for (const [channel, plane] of a.planes.entries()) {
    const other = b.planes[channel];
    for (const [i, value] of plane.entries()) {
      const difference = Math.abs(value - (other?.[i] ?? NaN));
      sum += difference;
      // Not a number counts as the largest.
      if (!(difference <= largest)) largest = difference;
    }
  }
  return {
    meanDifference: sum / (a.planes.length * a.width * a.height),
    largestDifference: largest,
  };
}

function findAgreement(a: ClassMaps, b: ClassMaps): number {
  const area = a.width * a.height;
  let same = 0;
  for (let i = 0; i < area; i++) if (likeliest(a.planes, i) === likeliest(b.planes, i)) same++;
  return same / area;
}

/** @param sign - 1 if large is bad, -1 if small is. Not a number is worse than all. */
function findWorst(scores: readonly Score[], valueOf: (score: Score) => number, sign = 1) {
  const badness = (score: Score): number => {
    const value = valueOf(score);
    return Number.isNaN(value) ? Infinity : sign * value;
  };
  const [first, ...others] = scores as [Score, ...Score[]];
  const worst = others.reduce(
    (found, each) => (badness(each) > badness(found) ? each : found),
    first,
  );
  return { worst: valueOf(worst), worstOn: worst.name };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function summarize(times: readonly number[]): Speed {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low = NaN, high = NaN] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return { medianMs: (low + high) / 2, fastestMs: sorted[0] ?? NaN };
}
