import type * as Ort from 'onnxruntime-web';
import { SegmenterError } from '../errors.ts';
import type { Backend } from '../stage.ts';
import { planInput, type InputPlan, type TensorPlan } from './input-plan.ts';
import type { ModelFile } from './model-loader.ts';
import { isSized, planModel, type ModelPlan, type SizedTensor } from './model-plan.ts';
import type { ElementType, TensorInfo } from './onnx-header.ts';
import { createOrtSession, type OrtModule, type OrtRuntime } from './ort-session.ts';
import { createInputData, storeFloats } from './tensor-data.ts';

type SessionOptions = Ort.InferenceSession.SessionOptions;

/** A session, and how to use it. The caller releases it. */
export interface OpenModel {
  readonly session: Ort.InferenceSession;
  readonly plan: ModelPlan;
}

/**
 * Compiles a model and works out how to use it.
 * Rejects with `model-invalid`, `model-unsupported`, `option-invalid` or `backend-unavailable`.
 *
 * @param options - Of the session, for a model that takes what is planned.
 */
export async function openModel(
  runtime: OrtRuntime,
  file: ModelFile,
  backend: Backend,
  options: (input: InputPlan) => SessionOptions,
): Promise<OpenModel> {
  const input = planInput(file, backend);
  const own = options(input);
  const session = await createSession(runtime, input, own);
  try {
    const outputs = await findOutputs(runtime, input, session);
    return { session, plan: planModel(input, outputs) };
  } catch (error) {
    await session.release();
    throw error;
  }
}

/** Sizes that the file leaves open are fixed: buffers are of one size, and so is all that a captured graph replays. */
export async function createSession(
  runtime: OrtRuntime,
  { file, openSizes }: InputPlan,
  options: SessionOptions,
): Promise<Ort.InferenceSession> {
  const all: SessionOptions = {
    ...options,
    freeDimensionOverrides: openSizes,
    externalData: file.externalData.map(({ path, bytes }) => ({ path, data: bytes })),
  };
  try {
    return await createOrtSession(runtime, file.bytes, file.url, all);
  } catch (error) {
    if (!all.enableGraphCapture || !isAboutCapture(error)) throw error;
    return createOrtSession(runtime, file.bytes, file.url, { ...all, enableGraphCapture: false });
  }
}

/** A graph of which a part runs on the CPU cannot be captured. */
function isAboutCapture(error: unknown): boolean {
  return error instanceof SegmenterError && /graph capture/i.test(error.message);
}

/** Where ONNX Runtime cannot tell the size of an output, a run on the CPU does. */
async function findOutputs(
  runtime: OrtRuntime,
  input: InputPlan,
  session: Ort.InferenceSession,
): Promise<SizedTensor[]> {
  const handedOn = new Set(input.states.map((state) => state.output));
  const outputs = session.outputMetadata
    .map(toTensorInfo)
    .filter(({ name }) => !handedOn.has(name));
  if (outputs.every(isSized)) return outputs;
  const probe = await createSession(runtime, input, { executionProviders: ['wasm'] });
  try {
    const results = await probe.run(createFeeds(runtime.ort, input));
    return Object.entries(results).map(([name, { type, dims }]) => ({
      name,
      type: type as ElementType,
      dims,
    }));
  } catch (error) {
    throw explainRunError(input, error);
  } finally {
    await probe.release();
  }
}

function toTensorInfo(metadata: Ort.InferenceSession.ValueMetadata): TensorInfo {
  if (!metadata.isTensor) return { name: metadata.name, type: 'other', dims: null };
  const { name, type, shape } = metadata;
  // An open size without a name comes as -1 in 32 bits without a sign.
  const dims = shape.map((size) => (typeof size === 'number' && size < 2 ** 31 ? size : null));
  return { name, type: type as ElementType, dims };
}

/** A black picture, and what else the model takes. */
function createFeeds(
  ort: OrtModule,
  { picture, constants, states }: InputPlan,
): Record<string, Ort.Tensor> {
  return {
    [picture.name]: createTensor(ort, picture, 0),
    ...createConstants(ort, [...constants, ...states]),
  };
}

/** Tensors for what is no picture. */
export function createConstants(
  ort: OrtModule,
  constants: InputPlan['constants'],
): Record<string, Ort.Tensor> {
  return Object.fromEntries(
    constants.map((plan) => [plan.name, createTensor(ort, plan, plan.value)]),
  );
}

function createTensor(ort: OrtModule, plan: TensorPlan, value: number): Ort.Tensor {
  const length = plan.dims.reduce((product, size) => product * size, 1);
  const data = createInputData(plan.type, length);
  storeFloats(new Float32Array(length).fill(value), data);
  return new ort.Tensor(plan.type as 'float32', data as Float32Array, plan.dims);
}

/** A model that was compiled and does not run. */
export function explainRunError({ file, picture }: InputPlan, error: unknown): SegmenterError {
  const reason = error instanceof Error ? error.message : String(error);
  return new SegmenterError(
    'model-unsupported',
    `${file.url} failed to run on a picture of ${picture.width} x ${picture.height} pixels. If it takes other sizes, tell one by "input.width" and "input.height" in \`modelOptions\`. (${reason})`,
    { cause: error },
  );
}
