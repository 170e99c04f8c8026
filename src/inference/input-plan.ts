import { SegmenterError } from '../errors.ts';
import type { Backend } from '../stage.ts';
import { FieldError } from './fields.ts';
import { mergeFacts, maxSidePx, parseFacts, type ModelFacts } from './model-facts.ts';
import { findFamily, type ModelFamily } from './model-families.ts';
import type { ModelFile } from './model-loader.ts';
import {
  readOnnxHeader,
  type ElementType,
  type OnnxHeader,
  type TensorInfo,
} from './onnx-header.ts';
import { pairStates, type StatePair } from './pair-states.ts';
import { describeTensor, readPicture, sizeAlong, type PictureAxes } from './tensor-shape.ts';

/** A tensor as a session takes or gives it. */
export interface TensorPlan {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
}

/** An input that is no picture: one number of its own. */
export interface ConstantPlan extends TensorPlan {
  readonly value: number;
}

/** An input that takes what an output gave for the frame before. Sizes and value are those of a first frame. */
export interface StatePlan extends ConstantPlan {
  readonly output: string;
}

/** What can be said of a model before there is a session. */
export interface InputPlan {
  readonly file: ModelFile;
  readonly header: OnnxHeader;
  readonly family: ModelFamily | null;
  /** By rank: options, manifest, metadata. */
  readonly told: readonly ModelFacts[];
  /** The same and what the family is known for. */
  readonly facts: ModelFacts;
  /** How the picture goes in. Sizes are in pixels. */
  readonly picture: TensorPlan & {
    readonly layout: 'nhwc' | 'nchw';
    readonly width: number;
    readonly height: number;
  };
  readonly constants: readonly ConstantPlan[];
  /** None for models that know nothing of the frames before. */
  readonly states: readonly StatePlan[];
  /** For ONNX Runtime: sizes that the file leaves open, by name. */
  readonly openSizes: Readonly<Record<string, number>>;
}

/** Under this name a model's own metadata hold facts, as JSON like a manifest's. */
export const metadataKey = 'void-segmenter';

/** Of models that take any size, where nothing says which. */
const defaultSize = { width: 512, height: 512 };
/** What the longer side is reduced to on a CPU: half, for a quarter of the work, but no less than this. */
const smallestSidePx = 256;

/**
 * Works out which input takes the picture, and at what size.
 *
 * @throws SegmenterError `model-unsupported` if none does, or facts contradict the file; `option-invalid`, `model-invalid` if facts are
 *   wrong in themselves.
 */
export function planInput(file: ModelFile, backend: Backend): InputPlan {
  const header = readOnnxHeader(file.bytes, file.url);
  const family = findFamily(header);
  const told = collectFacts(file, header);
  const facts = mergeFacts([
    ...told,
    ...(family ? [{ input: family.input, output: family.output(header) }] : []),
  ]);
  const pairs = pairStates(file.url, header, facts.recurrent);
  const states = new Set(pairs.map(({ input }) => input));
  const others = header.inputs.filter((input) => !states.has(input));
  const { tensor, axes } = findPicture(file, others, facts, mergeFacts(told).input.layout);
  const size = chooseSize(file, facts, family, tensor, axes, backend);
  const { layout } = axes;
  const dims = (tensor.dims ?? []).map((_, axis) => {
    if (axis === axes.batch) return 1;
    if (axis === axes.channels) return 3;
    return axis === axes.width ? size.width : size.height;
  });
  return {
    file,
    header,
    family,
    told,
    facts,
    picture: { name: tensor.name, type: tensor.type, dims, layout, ...size },
    constants: planConstants(
      file,
      family,
      others.filter((input) => input !== tensor),
    ),
    states: pairs.map(planState),
    openSizes: nameOpenSizes(header, tensor, dims),
  };
}

function collectFacts(file: ModelFile, { metadata }: OnnxHeader): ModelFacts[] {
  const { manifest, options } = file;
  const stored = metadata.get(metadataKey);
  return [
    ...(options ? [parse('option-invalid', options, 'modelOptions', 'modelOptions')] : []),
    ...(manifest ? [manifest] : []),
    ...(stored === undefined
      ? []
      : [
          parse(
            'model-invalid',
            stored,
            'The metadata',
            `The metadata "${metadataKey}" of ${file.url}`,
          ),
        ]),
  ];
}

function parse(
  code: 'option-invalid' | 'model-invalid',
  value: unknown,
  what: string,
  where: string,
): ModelFacts {
  try {
    return parseFacts(typeof value === 'string' ? (JSON.parse(value) as unknown) : value, what);
  } catch (error) {
    const reason = error instanceof FieldError ? error.message : `It is no JSON: ${String(error)}.`;
    throw new SegmenterError(code, `${where}: ${reason}`, { cause: error });
  }
}

interface Picture {
  readonly tensor: TensorInfo;
  readonly axes: PictureAxes;
}

/** @param toldLayout - What the file must agree with. What the family has decides only where the file does not. */
function findPicture(
  { url }: ModelFile,
  inputs: readonly TensorInfo[],
  { input }: ModelFacts,
  toldLayout: string | undefined,
): Picture {
  const named = inputs.filter(({ name }) => name === input.name);
  if (input.name !== undefined && named.length === 0) {
    throw contradiction(url, `names an input "${input.name}"`, inputs);
  }
  const readable = (input.name === undefined ? inputs : named).flatMap((tensor) =>
    readColorPicture(tensor, toldLayout).map((axes) => ({ tensor, axes })),
  );
  const usual = readable.filter(({ axes }) => axes.layout === input.layout);
  const [picture, ...others] = usual.length > 0 ? usual : readable;
  if (picture && others.length === 0) {
    const { type } = picture.tensor;
    if (!['float32', 'float16', 'uint8'].includes(type)) {
      throw new SegmenterError(
        'model-unsupported',
        `${url} takes ${describeTensor(picture.tensor)}. Pictures go in as float32, float16 or uint8; export it so.`,
      );
    }
    if (input.type && input.type !== type) {
      throw contradiction(
        url,
        `says that the input "${picture.tensor.name}" is ${input.type}`,
        inputs,
      );
    }
    return picture;
  }
  if (picture) {
    const field = others.every(({ tensor }) => tensor === picture.tensor) ? 'layout' : 'name';
    throw new SegmenterError(
      'model-unsupported',
      `${url} takes ${inputs.map(describeTensor).join(', ')}, which may be a picture in more than one way. ` +
        `Tell which by "input.${field}" in \`modelOptions\` or in a manifest.`,
    );
  }
  if (toldLayout) throw contradiction(url, `says that the input is ${toldLayout}`, inputs);
  throw new SegmenterError(
    'model-unsupported',
    `${url} takes ${inputs.map(describeTensor).join(', ') || 'nothing'}, of which nothing is a picture: ` +
      '[1, height, width, 3] or [1, 3, height, width]. A manifest or `modelOptions` cannot change that.',
  );
}

/** Ways in which a tensor may take three colours. A size of 3 that is there goes before one that is open. */
function readColorPicture(tensor: TensorInfo, layout: string | undefined): PictureAxes[] {
  const { dims } = tensor;
  if (!dims) return [];
  const sizeOf = (axes: PictureAxes): number | null => sizeAlong(dims, axes.channels);
  const all = readPicture(tensor).filter(
    (axes) =>
      (layout === undefined || axes.layout === layout) &&
      (sizeOf(axes) === 3 || sizeOf(axes) === null),
  );
  const certain = all.filter((axes) => sizeOf(axes) === 3);
  return certain.length > 0 ? certain : all;
}

function chooseSize(
  { url }: ModelFile,
  { input }: ModelFacts,
  family: ModelFamily | null,
  tensor: TensorInfo,
  axes: PictureAxes,
  backend: Backend,
): { width: number; height: number } {
  const trained = family?.size ?? defaultSize;
  const longer = Math.max(trained.width, trained.height);
  const scale = backend === 'wasm' ? Math.min(1, Math.max(0.5, smallestSidePx / longer)) : 1;
  const choose = (side: 'width' | 'height'): number => {
    const fixed = sizeAlong(tensor.dims ?? [], axes[side]);
    const wanted = input[side];
    if (fixed !== null && wanted !== undefined && fixed !== wanted) {
      throw new SegmenterError(
        'model-unsupported',
        `${url} takes ${describeTensor(tensor)}, not a ${side} of ${wanted}. Correct "input.${side}" in \`modelOptions\` or the manifest.`,
      );
    }
    return fixed ?? wanted ?? Math.round(trained[side] * scale);
  };
  const size = { width: choose('width'), height: choose('height') };
  if (Math.min(size.width, size.height) >= 1 && Math.max(size.width, size.height) <= maxSidePx) {
    return size;
  }
  throw new SegmenterError(
    'model-unsupported',
    `${url} takes ${describeTensor(tensor)}: sides of 1 to ${maxSidePx} pixels are supported. Export it for a smaller picture.`,
  );
}

function planConstants(
  { url }: ModelFile,
  family: ModelFamily | null,
  inputs: readonly TensorInfo[],
): ConstantPlan[] {
  return inputs.map((input) => {
    const value = family?.constants?.[input.name];
    if (value === undefined) {
      throw new SegmenterError(
        'model-unsupported',
        `${url} takes ${describeTensor(input)} beside the picture, and what it is for is not known. If it takes what an output gave for the frame before, tell which by "recurrent" in \`modelOptions\` or in a manifest; else export the model without it.`,
      );
    }
    return { name: input.name, type: input.type, dims: (input.dims ?? [null]).map(() => 1), value };
  });
}

/** Where the file leaves a size open, a first state has one zero, which the model spreads. */
function planState({ input: { name, type, dims }, output }: StatePair): StatePlan {
  const sizes = (dims ?? [1]).map((size) => (typeof size === 'number' ? size : 1));
  return { name, type, dims: sizes, value: 0, output: output.name };
}

/** Names that stand for one size. What the picture shares with another input is not its size alone, and stays open. */
function nameOpenSizes(
  { inputs }: OnnxHeader,
  picture: TensorInfo,
  dims: readonly number[],
): Record<string, number> {
  const elsewhere = new Set(
    inputs.filter((input) => input !== picture).flatMap((input) => input.dims ?? []),
  );
  const sizes = new Map<string, Set<number>>();
  for (const [axis, name] of (picture.dims ?? []).entries()) {
    if (typeof name !== 'string' || elsewhere.has(name)) continue;
    sizes.set(name, (sizes.get(name) ?? new Set()).add(dims[axis] as number));
  }
  return Object.fromEntries(
    [...sizes]
      .filter(([, found]) => found.size === 1)
      .map(([name, [size]]) => [name, size as number]),
  );
}

/** Facts that were told do not fit the file. */
function contradiction(url: string, claim: string, inputs: readonly TensorInfo[]): SegmenterError {
  return new SegmenterError(
    'model-unsupported',
    `What \`modelOptions\`, manifest or metadata tell of ${url} ${claim}, but the model takes ${inputs
      .map(describeTensor)
      .join(', ')}. Correct it.`,
  );
}
