import type { ModelInput, ModelOutput, ModelSpec } from '../../src/stage.ts';

/** A model that is nowhere: 64x48 in, 64x48 out, unless told otherwise. */
export function createModel(
  output: Partial<ModelOutput> = {},
  input: Partial<ModelInput> = {},
): ModelSpec {
  return {
    name: 'test',
    input: {
      name: 'pixels',
      layout: 'nhwc',
      width: 64,
      height: 48,
      ranges: [
        [0, 1],
        [0, 1],
        [0, 1],
      ],
      order: 'rgb',
      ...input,
    },
    output: {
      name: 'mask',
      channels: 1,
      kind: 'probability',
      layout: 'nhwc',
      width: 64,
      height: 48,
      classes: ['background', 'person'],
      ...output,
    },
  };
}
