/** The parts of promptable models that take no session. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { SegmenterError } from '../../src/errors.ts';
import { planDecoder } from '../../src/inference/decoder-plan.ts';
import { encodePrompts } from '../../src/inference/prompt-tensors.ts';
import { checkPrompts, scalePrompts } from '../../src/pipeline/check-prompts.ts';
import { createModel } from '../helpers/models.ts';
import { writeOnnx, type OnnxValue } from '../helpers/onnx.ts';

const promptable = { ...createModel(), isPromptable: true };
const picture = { width: 48, height: 32 };

/** A decoder in name: its outputs are what it is fed. */
function createDecoder(inputs: readonly OnnxValue[], outputs: readonly string[]) {
  const [first] = inputs;
  const bytes = writeOnnx({
    inputs,
    outputs: outputs.map((name) => ({ name, dims: [1, 1, 8, 12] })),
    nodes: outputs.map((name) => ({
      operator: 'Identity',
      inputs: [first?.name ?? ''],
      outputs: [name],
    })),
    constants: [],
  });
  return { bytes, url: 'https://example.com/decoder.onnx', externalData: [] };
}

const embeddings = { name: 'image_embeddings', dims: [1, 4, 8, 12] };
const coords = { name: 'point_coords', dims: [1, 'num_points', 2] };
const labels = { name: 'point_labels', dims: [1, 'num_points'] };
const exported = [
  embeddings,
  coords,
  labels,
  { name: 'mask_input', dims: [1, 1, 2, 3] },
  { name: 'has_mask_input', dims: [1] },
  { name: 'orig_im_size', dims: [2] },
];

function hasMessage(...words: readonly RegExp[]) {
  return (error: unknown): boolean => {
    assert.ok(error instanceof SegmenterError);
    for (const word of words) assert.match(`${error.code}: ${error.message}`, word);
    return true;
  };
}

describe('encodePrompts', () => {
  it('pads points', () => {
    const { coords, labels } = encodePrompts([
      { x: 5, y: 6 },
      { x: 7, y: 8, label: 0 },
    ]);
    assert.deepEqual([...coords], [5, 6, 7, 8, 0, 0]);
    assert.deepEqual([...labels], [1, 0, -1]);
  });

  it('makes corners of a box, which takes no padding', () => {
    const { coords, labels } = encodePrompts([
      { x: 5, y: 6, width: 10, height: 20 },
      { x: 7, y: 8 },
    ]);
    assert.deepEqual([...coords], [5, 6, 15, 26, 7, 8]);
    assert.deepEqual([...labels], [2, 3, 1]);
  });
});

describe('scalePrompts', () => {
  it('moves points and boxes to a picture of another size', () => {
    const prompts = [{ x: 10, y: 10, label: 0 } as const, { x: 0, y: 5, width: 10, height: 20 }];
    const scaled = scalePrompts(prompts, { width: 20, height: 20 }, { width: 40, height: 10 });
    assert.deepEqual(scaled, [
      { x: 20, y: 5, label: 0 },
      { x: 0, y: 2.5, width: 20, height: 10 },
    ]);
  });
});

describe('checkPrompts', () => {
  it('copies what is known, and takes points for wanted ones', () => {
    const prompts = [
      { x: 1, y: 2 },
      { x: 3.5, y: -4, label: 0 },
      { x: 0, y: 0, width: 5, height: 6, top: 0 },
    ];
    assert.deepEqual(checkPrompts(prompts, promptable), [
      { x: 1, y: 2, label: 1 },
      { x: 3.5, y: -4, label: 0 },
      { x: 0, y: 0, width: 5, height: 6 },
    ]);
  });

  it('lets a model that takes none be asked for nothing', () => {
    assert.deepEqual(checkPrompts([], createModel()), []);
  });

  const box = { x: 0, y: 0, width: 5, height: 5 };
  for (const [what, prompts, words] of [
    ['what is no list', { x: 1, y: 2 }, /a list of points and boxes/],
    ['nothing in a list', [null], /x and y should be numbers/],
    ['a point without a place', [{ x: 5 }], /x and y should be numbers/],
    ['a box of nothing', [{ ...box, width: 0 }], /numbers above 0/],
    ['half a box', [{ x: 0, y: 0, width: 5 }], /numbers above 0/],
    ['a label of its own', [{ x: 1, y: 2, label: 2 }], /1 \(wanted\) or 0/],
    ['two boxes', [box, box], /one box at most/],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => checkPrompts(prompts, promptable),
        hasMessage(/^option-invalid: prompts: /, words),
      );
    });
  }
});

describe('planDecoder', () => {
  const outputs = ['masks', 'iou_predictions', 'low_res_masks'];

  it('knows the names of the export of Segment Anything, whatever the encoder calls its output', () => {
    const plan = planDecoder(createDecoder(exported, outputs), {}, picture, ['embeddings']);
    assert.deepEqual(plan, {
      coords: 'point_coords',
      labels: 'point_labels',
      embeddings: new Map([['image_embeddings', 'embeddings']]),
      constants: [
        { name: 'mask_input', dims: [1, 1, 2, 3], values: [0, 0, 0, 0, 0, 0] },
        { name: 'has_mask_input', dims: [1], values: [0] },
        { name: 'orig_im_size', dims: [2], values: [32, 48] },
      ],
      masks: 'low_res_masks',
      scores: 'iou_predictions',
    });
  });

  it('hands over all that has the same name in both files, and does without the rest', () => {
    const features = { name: 'features', dims: [1, 2, 16, 24] };
    const decoder = createDecoder([features, embeddings, coords, labels], ['masks']);
    const plan = planDecoder(decoder, {}, picture, ['image_embeddings', 'features']);
    assert.deepEqual(
      [...plan.embeddings],
      [
        ['features', 'features'],
        ['image_embeddings', 'image_embeddings'],
      ],
    );
    assert.deepEqual([plan.masks, plan.scores, plan.constants], ['masks', null, []]);
  });

  it('goes by the names of the manifest', () => {
    const renamed = [
      { ...embeddings, name: 'e' },
      { ...coords, name: 'c' },
      { ...labels, name: 'l' },
    ];
    const names = { embeddings: 'e', coords: 'c', labels: 'l', masks: 'm', scores: 's' };
    const plan = planDecoder(createDecoder(renamed, ['m', 's']), names, picture, ['out']);
    assert.deepEqual([plan.coords, plan.labels, plan.masks, plan.scores], ['c', 'l', 'm', 's']);
    assert.deepEqual([...plan.embeddings], [['e', 'out']]);
  });

  for (const [what, inputs, given, words] of [
    ['without points', [embeddings, labels], outputs, /no "point_coords"/],
    ['without masks', exported, ['iou_predictions'], /no "masks"/],
    ['that takes no picture', [coords, labels], outputs, /no "image_embeddings"/],
    [
      'that takes more',
      [...exported, { name: 'mood', dims: [1] }],
      outputs,
      /takes "?mood.*decoder\.names/,
    ],
    [
      'with labels of another type',
      [embeddings, coords, { ...labels, type: 'int64' }],
      outputs,
      /point_labels.*float32/,
    ],
    [
      'with a mask of any size',
      [embeddings, coords, labels, { name: 'mask_input', dims: [1, 1, 'h', 'w'] }],
      outputs,
      /mask_input.*fixed sizes/,
    ],
  ] as const) {
    it(`refuses a decoder ${what}`, () => {
      assert.throws(
        () => planDecoder(createDecoder(inputs, given), {}, picture, ['embeddings']),
        hasMessage(/^model-unsupported: The decoder https:/, words),
      );
    });
  }
});
