import { SegmenterError } from '../../src/errors.ts';
import { planInput, type InputPlan } from '../../src/inference/input-plan.ts';
import type { ModelManifest } from '../../src/inference/manifest.ts';
import { isSized, planModel, type ModelPlan } from '../../src/inference/model-plan.ts';
import type { TensorInfo } from '../../src/inference/onnx-header.ts';
import { describeTensor } from '../../src/inference/tensor-shape.ts';
import type { ModelOptions } from '../../src/model-options.ts';
import { fixDims } from './analysis/infer-shapes.ts';
import { inspectModel } from './analysis/inspect.ts';
import type { OnnxModel } from './onnx/model.ts';
import { ToolError } from './tool-error.ts';

/** A model, and what is known of it beside what its file says. */
export interface ModelToUnderstand {
  /** What messages call it. */
  readonly name: string;
  /** The `.onnx` file. */
  readonly bytes: Uint8Array;
  /** The same, read. */
  readonly model: OnnxModel;
  readonly manifest?: ModelManifest | null;
  /** What the user says of it: goes before everything else, as `modelOptions` does. */
  readonly options?: ModelOptions;
}

/**
 * What the element makes of a model on WebGPU, by the element's own code. Only the sizes of outputs, which it learns from its session,
 * are worked out from those of the inputs instead.
 *
 * @throws ToolError `unsupported-model` in the element's own words for what it would refuse.
 */
export function understandModel({
  name,
  bytes,
  model,
  manifest = null,
  options,
}: ModelToUnderstand): ModelPlan {
  // The element knows models by URL.
  const url = new URL(encodeURIComponent(name), 'file:///').href;
  const file = { url, bytes: new Uint8Array(bytes), manifest, options, externalData: [] };
  try {
    const input = planInput(file, 'webgpu');
    const outputs = findOutputs(model, input);
    const open = outputs.find((output) => !isSized(output));
    if (open) {
      throw new ToolError(
        'unsupported-model',
        `The size of its output ${describeTensor(open)} is not known before it runs. Give the sizes that it leaves open.`,
      );
    }
    return planModel(input, outputs.filter(isSized));
  } catch (cause) {
    if (!(cause instanceof SegmenterError)) throw cause;
    throw new ToolError('unsupported-model', cause.message.replaceAll(url, `"${name}"`), { cause });
  }
}

function findOutputs(
  model: OnnxModel,
  { header, picture, constants, openSizes }: InputPlan,
): TensorInfo[] {
  const graph = fixDims(model.graph, new Map(Object.entries(openSizes)));
  const dims = new Map([picture, ...constants].map((plan) => [plan.name, plan.dims]));
  const inputs = graph.inputs.map((value) => ({
    ...value,
    dims: dims.get(value.name) ?? value.dims,
  }));
  const { outputs } = inspectModel({ ...model, graph: { ...graph, inputs } });
  return header.outputs.map((output, i) => ({ ...output, dims: outputs[i]?.dims ?? null }));
}
