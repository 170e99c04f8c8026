import { SegmenterError } from '../errors.ts';
import type { ModelInputOptions, OutputKind } from '../model-options.ts';
import type { LevelRange, ModelInput, ModelOutput, ModelSpec } from '../stage.ts';
import { explainMissing, type MissingFact } from './explain-missing.ts';
import type { InputPlan, TensorPlan } from './input-plan.ts';
import { maxClasses, maxSidePx, mergeFacts, type ModelFacts } from './model-facts.ts';
import type { ModelFamily } from './model-families.ts';
import type { Dim, OnnxHeader, TensorInfo } from './onnx-header.ts';
import { describeTensor, readPicture, type PictureAxes } from './tensor-shape.ts';

/** All that it takes to run a model. */
export interface ModelPlan {
  readonly spec: ModelSpec;
  readonly input: InputPlan;
  readonly output: TensorPlan;
  /** What `spec` was made of, from all sources. */
  readonly facts: ModelFacts;
}

/** An output whose sizes are known. */
export type SizedTensor = TensorInfo & { readonly dims: readonly number[] };

/**
 * Works out which output tells the mask, and what its numbers mean.
 *
 * @param outputs - Of the session, with all sizes.
 * @throws SegmenterError `model-unsupported` that names what is missing, or what contradicts the model.
 */
export function planModel(input: InputPlan, outputs: readonly SizedTensor[]): ModelPlan {
  const { file, family } = input;
  const handedOn = new Set(input.states.map((state) => state.output));
  const { tensor, axes } = findAnswer(
    input,
    outputs.filter(({ name }) => !handedOn.has(name)),
  );
  const output = {
    name: tensor.name,
    layout: axes.layout,
    width: sizeOf(tensor, axes.width),
    height: sizeOf(tensor, axes.height),
  };
  const channels = axes.channels === null ? 1 : sizeOf(tensor, axes.channels);
  const { outputScale = null } = family ?? {};
  const isAlike =
    outputScale !== null && output.width !== Math.ceil(input.picture.width * outputScale);
  const facts = mergeFacts([
    ...input.told,
    { input: {}, output: kindByOperator(input.header, tensor.name, channels) },
    ...(family && !isAlike ? [factsOfFamily(family, input.header, tensor, channels)] : []),
    { input: guessInput(input), output: guessOutput(tensor, channels) },
  ]);
  const missing = findMissing(facts);
  if (missing.length > 0) {
    const remark =
      family && isAlike ? `It has the names of ${family.name}, but another size of output. ` : '';
    throw explainMissing(input, output, facts, missing, remark);
  }
  const { kind, classes } = facts.output as { kind: OutputKind; classes: readonly string[] };
  assertChannels(file.url, tensor, kind, classes, channels);
  return {
    spec: {
      name: file.manifest?.name ?? file.url,
      // What is remembered of one part of a frame is of no use for another.
      framing:
        classes.length === 2 && handedOn.size === 0 ? (file.manifest?.framing ?? 'whole') : 'whole',
      isRecurrent: handedOn.size > 0,
      input: planPixels(input, facts),
      output: {
        ...output,
        channels,
        // An opacity is the probability of something that may cover a part of a pixel.
        kind: kind === 'alpha' ? 'probability' : kind,
        classes,
        ...foregroundOf(facts, file.url, classes),
      },
    },
    input,
    output: { name: tensor.name, type: tensor.type, dims: tensor.dims },
    facts,
  };
}

/** How pixels go in, by facts that tell it. */
export function planPixels({ picture }: InputPlan, { input }: ModelFacts): ModelInput {
  const { name, layout, width, height } = picture;
  return { name, layout, width, height, ranges: rangesOf(input), order: input.order ?? 'rgb' };
}

/** What a family answers is known of one output. */
function factsOfFamily(
  family: ModelFamily,
  header: OnnxHeader,
  tensor: TensorInfo,
  channels: number,
): ModelFacts {
  const output = family.output(header);
  if ((output.name ?? tensor.name) !== tensor.name) return { input: family.input, output: {} };
  const classSet = family.classSets?.find(({ classes }) => classes.length === channels);
  return { input: family.input, output: { ...classSet, ...output } };
}

interface Answer {
  readonly tensor: SizedTensor;
  readonly axes: PictureAxes;
}

function findAnswer(input: InputPlan, outputs: readonly SizedTensor[]): Answer {
  const { file, facts, told } = input;
  const { name } = facts.output;
  const named = outputs.filter((output) => output.name === name);
  const isTold = told.some(({ output }) => output.name !== undefined);
  if (isTold && named.length === 0)
    throw contradiction(file.url, `name an output "${name ?? ''}"`, outputs);
  const readable = (named.length > 0 ? named : outputs).flatMap((tensor) => {
    const axes = readMask(input, tensor);
    return axes ? [{ tensor, axes }] : [];
  });
  const [answer, ...others] = readable;
  if (!answer) {
    if (named.length > 0 || told.length > 0) {
      throw contradiction(
        file.url,
        `tell of an output ${JSON.stringify(mergeFacts(told).output)}`,
        outputs,
      );
    }
    throw new SegmenterError(
      'model-unsupported',
      `${file.url} gives ${outputs.map(describeTensor).join(', ')}, of which nothing is a mask: up to ${maxClasses} channels of up to ${maxSidePx} pixels a side. A manifest cannot change that.`,
    );
  }
  if (others.length === 0) return answer;
  throw explainMissing(input, {}, facts, [
    {
      field: 'output.name',
      means: `which output tells the mask: ${readable.map(({ tensor }) => describeTensor(tensor)).join(', ')}`,
    },
  ]);
}

/** A mask has about the picture's shape, but for what is lost where sides are divided: at most half as much again. */
const mostSkew = Math.log(1.5);

/** How an output is a mask: with sizes and layout as told, and of several ways that which has the picture's shape. */
function readMask({ picture, told }: InputPlan, tensor: SizedTensor): PictureAxes | null {
  const { layout, width, height } = mergeFacts(told).output;
  const skew = (axes: PictureAxes): number =>
    Math.abs(
      Math.log(
        (sizeOf(tensor, axes.width) * picture.height) /
          (sizeOf(tensor, axes.height) * picture.width),
      ),
    );
  const fits = (axes: PictureAxes): boolean =>
    (layout ?? axes.layout) === axes.layout &&
    (width ?? sizeOf(tensor, axes.width)) === sizeOf(tensor, axes.width) &&
    (height ?? sizeOf(tensor, axes.height)) === sizeOf(tensor, axes.height) &&
    Math.max(sizeOf(tensor, axes.width), sizeOf(tensor, axes.height)) <= maxSidePx &&
    (axes.channels === null || sizeOf(tensor, axes.channels) <= maxClasses) &&
    skew(axes) < mostSkew;
  const [best] = readPicture(tensor)
    .filter(fits)
    .sort((a, b) => skew(a) - skew(b));
  return best ?? null;
}

function sizeOf(tensor: SizedTensor, axis: number): number {
  return tensor.dims[axis] as number;
}

/** Operators that do not change what the numbers mean. */
const transparentOperators = new Set(
  'Cast Expand Flatten Identity Gather Reshape Resize Slice Split Squeeze Transpose Unsqueeze Upsample'.split(
    ' ',
  ),
);
const kindsByOperator: Readonly<Record<string, OutputKind>> = {
  Sigmoid: 'probability',
  HardSigmoid: 'probability',
  Softmax: 'softmax',
  ArgMax: 'categories',
  LogSoftmax: 'logits',
  Conv: 'logits',
  ConvTranspose: 'logits',
  BatchNormalization: 'logits',
};
/** More than any model has at its end. */
const maxSteps = 16;

/** What the last operator of weight makes of the numbers. */
function kindByOperator(
  { producers }: OnnxHeader,
  output: string,
  channels: number,
): { kind?: OutputKind } {
  let name = output;
  for (let step = 0; step < maxSteps; step++) {
    const producer = producers.get(name);
    if (!producer) return {};
    const kind = kindsByOperator[producer.operator];
    // One class of several: what is left of a softmax is a probability. Sigmoids of several classes exclude none.
    if (kind === 'softmax' && channels === 1) return { kind: 'probability' };
    if (kind === 'probability' && channels > 1) return {};
    if (kind) return { kind };
    if (!transparentOperators.has(producer.operator)) return {};
    name = producer.input;
  }
  return {};
}

/** Bytes go in as they are. */
export function guessInput({ picture }: InputPlan): ModelInputOptions {
  return picture.type === 'uint8' ? { range: [0, 255] } : {};
}

function guessOutput({ type }: TensorInfo, channels: number): ModelFacts['output'] {
  const isIndex = channels === 1 && (type === 'int64' || type === 'int32');
  return {
    ...(isIndex && { kind: 'categories' }),
    ...(channels <= 2 && !isIndex && { classes: ['background', 'person'] }),
  };
}

export function findMissing({ input, output }: ModelFacts): MissingFact[] {
  const missing: MissingFact[] = [];
  if (!input.range && !input.mean && !input.std) {
    missing.push({
      field: 'input.range',
      means:
        'what 0 and 255 become, such as [0, 1] or [-1, 1]; or "mean" and "std", of red, green and blue',
    });
  }
  if (!output.kind) {
    missing.push({
      field: 'output.kind',
      means: 'what the numbers are: "probability", "alpha", "logits", "softmax" or "categories"',
    });
  }
  if (!output.classes) {
    missing.push({
      field: 'output.classes',
      means: 'the names of the classes, the background first',
    });
  }
  return missing;
}

function assertChannels(
  url: string,
  tensor: TensorInfo,
  kind: OutputKind,
  classes: readonly string[],
  channels: number,
): void {
  const isOne = kind === 'probability' || kind === 'alpha' || kind === 'categories';
  const expected = isOne
    ? [1]
    : kind === 'logits' && classes.length === 2
      ? [1, 2]
      : [classes.length];
  if (expected.includes(channels)) return;
  throw new SegmenterError(
    'model-unsupported',
    `${url} gives ${describeTensor(tensor)}: ${channels} channels, but ${kind} of ${classes.length} classes ` +
      `(${classes.slice(0, 6).join(', ')}${classes.length > 6 ? ', …' : ''}) has ${expected.join(' or ')}. ` +
      'Correct "output.kind" or "output.classes" in `modelOptions` or a manifest.',
  );
}

/** What 0 and 255 become in each channel. */
export function rangesOf({
  range = [0, 1],
  mean = [0, 0, 0],
  std = [1, 1, 1],
}: ModelInputOptions): ModelInput['ranges'] {
  const rangeOf = (channel: 0 | 1 | 2): LevelRange => [
    (range[0] - mean[channel]) / std[channel],
    (range[1] - mean[channel]) / std[channel],
  ];
  return [rangeOf(0), rangeOf(1), rangeOf(2)];
}

function foregroundOf(
  { output: { foreground } }: ModelFacts,
  url: string,
  classes: readonly string[],
): Pick<ModelOutput, 'foreground'> {
  if (!foreground) return {};
  const lost = foreground.find((name) => !classes.includes(name));
  if (lost === undefined) return { foreground: foreground.map((name) => classes.indexOf(name)) };
  throw new SegmenterError(
    'model-unsupported',
    `"output.foreground" of ${url} names "${lost}", which is none of the classes ${classes.join(', ')}. Correct it.`,
  );
}

function contradiction(url: string, claim: string, outputs: readonly TensorInfo[]): SegmenterError {
  return new SegmenterError(
    'model-unsupported',
    `\`modelOptions\`, manifest or metadata ${claim}, but ${url} gives ${outputs
      .map(describeTensor)
      .join(', ')}. Correct it.`,
  );
}

/** Whether every size is there. */
export function isSized(tensor: TensorInfo): tensor is SizedTensor {
  return tensor.dims?.every((size: Dim) => typeof size === 'number') ?? false;
}
