import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';

import { metadataKey } from '../../src/inference/input-plan.ts';
import type { ModelPlan } from '../../src/inference/model-plan.ts';
import type { ModelInputOptions, ModelOutputOptions } from '../../src/model-options.ts';

/** What a manifest says for people. */
export interface About {
  readonly name?: string | undefined;
  readonly license?: string | undefined;
  readonly source?: string | undefined;
}

/** How the element feeds a model and reads its answer, in the words of a manifest. */
export interface ModelUse {
  readonly input: ModelInputOptions;
  readonly output: ModelOutputOptions;
}

/** Sizes that neither file nor user fixes are left out: the element chooses them by the device. */
export function describeUse({ spec, facts, input, output }: ModelPlan): ModelUse {
  const { picture, header } = input;
  const isOpen =
    facts.input.width === undefined &&
    header.inputs.some(
      ({ name, dims }) =>
        name === picture.name && dims?.slice(1).some((size) => typeof size !== 'number'),
    );
  const pick = ({ width, height }: { readonly width: number; readonly height: number }) =>
    isOpen ? {} : { width, height };
  const { range, mean, std, order = 'rgb' } = facts.input;
  const { kind, classes, foreground } = facts.output;
  return {
    input: {
      name: picture.name,
      layout: picture.layout,
      ...pick(picture),
      type: picture.type as 'float32',
      ...(range && { range }),
      ...(mean && { mean }),
      ...(std && { std }),
      order,
    },
    output: {
      name: output.name,
      layout: spec.output.layout,
      ...pick(spec.output),
      ...(kind && { kind }),
      ...(classes && { classes }),
      ...(foreground && { foreground }),
    },
  };
}

/**
 * What the element goes by, the strongest first.
 *
 * @param optionsName - What is in `options` of the model.
 */
export function listSources({ input }: ModelPlan, optionsName: string): readonly string[] {
  const { file, header, family } = input;
  const { input: told = {}, output: toldOutput = {} } = file.options ?? {};
  return [
    ...(Object.keys({ ...told, ...toldOutput }).length > 0 ? [optionsName] : []),
    ...(file.manifest ? ['its manifest'] : []),
    ...(header.metadata.has(metadataKey) ? [`its metadata "${metadataKey}"`] : []),
    ...(family ? [`the family ${family.name}`] : []),
    'its shapes and operators',
  ];
}

/**
 * A manifest that says what the element makes of a model.
 *
 * @param bytes - The `.onnx` file.
 * @param file - Where that is, relative to the manifest.
 */
export function draftManifest(
  plan: ModelPlan,
  bytes: Uint8Array,
  file: string,
  { name = basename(file, extname(file)), license, source }: About,
) {
  return {
    name,
    file,
    integrity: `sha256-${createHash('sha256').update(bytes).digest('base64')}`,
    bytes: bytes.byteLength,
    ...(license !== undefined && { license }),
    ...(source !== undefined && { source }),
    ...describeUse(plan),
  };
}
