import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

import { SegmenterError } from '../../src/errors.ts';
import { metadataKey, planInput } from '../../src/inference/input-plan.ts';
import { parseManifest } from '../../src/inference/manifest.ts';
import type { ModelFile } from '../../src/inference/model-loader.ts';
import { planModel, type ModelPlan, type SizedTensor } from '../../src/inference/model-plan.ts';
import type { Dim, ElementType } from '../../src/inference/onnx-header.ts';
import type { ModelOptions } from '../../src/model-options.ts';
import type { Backend } from '../../src/stage.ts';
import { createRedModel, type RedModel } from '../helpers/red-model.ts';

const square: RedModel = {
  input: { name: 'picture', dims: [1, 3, 32, 48] },
  output: { name: 'mask', dims: [1, 1, 32, 48] },
  end: 'Sigmoid',
};
/** The same without a sigmoid at its end. */
const raw: RedModel = { input: square.input, output: square.output };
const unit = { input: { range: [0, 1] } } as const;

interface Case {
  readonly model?: RedModel;
  readonly options?: ModelOptions;
  readonly manifest?: unknown;
  readonly backend?: Backend;
  /** What the session says of its outputs. Default: what the file does. */
  readonly outputs?: readonly SizedTensor[];
}

function createFile({ model = square, options, manifest }: Case): ModelFile {
  return {
    bytes: createRedModel(model),
    url: 'https://models.example/red.onnx',
    manifest: manifest === undefined ? null : parseManifest(manifest),
    options,
    externalData: [],
  };
}

function plan(current: Case): ModelPlan {
  const { model = square, backend = 'wasm' } = current;
  const { name, type = 'float32', dims } = model.output;
  const output = { name, type, dims: dims as number[] };
  return planModel(planInput(createFile(current), backend), current.outputs ?? [output]);
}

function output(name: string, dims: readonly number[], type: ElementType = 'float32'): SizedTensor {
  return { name, type, dims };
}

/** The code and message of what is thrown. */
function refusal(current: Case): { readonly code: string; readonly message: string } {
  try {
    plan(current);
  } catch (error) {
    if (error instanceof SegmenterError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

function sizeOf(dims: readonly Dim[], more: Case & { readonly change?: RedModel['change'] } = {}) {
  const { change } = more;
  const model = { ...square, input: { name: 'picture', dims }, ...(change && { change }) };
  const input = planInput(createFile({ ...more, model }), more.backend ?? 'wasm');
  return { picture: input.picture, openSizes: input.openSizes };
}

describe('what is known of a model', () => {
  it('comes from the page first, then the manifest, then the metadata', () => {
    const metadata = {
      [metadataKey]: JSON.stringify({ input: { range: [0, 3] }, output: { classes: ['a', 'b'] } }),
    };
    const model = { ...square, metadata };
    const low = (current: Case) => plan({ model, ...current }).spec.input.ranges[0][1];
    const manifest = { input: { range: [0, 2] } };
    assert.equal(low({}), 3);
    assert.equal(low({ manifest }), 2);
    assert.equal(low({ manifest, options: unit }), 1);
    assert.deepEqual(plan({ model, manifest }).spec.output.classes, ['a', 'b']);
  });

  it('takes range, mean and deviation from one source together', () => {
    const manifest = { input: { mean: [0.5, 0.5, 0.5], std: [0.5, 0.25, 0.125] } };
    assert.deepEqual(plan({ manifest }).spec.input.ranges, [
      [-1, 1],
      [-2, 2],
      [-4, 4],
    ]);
    assert.deepEqual(plan({ manifest, options: unit }).spec.input.ranges, [
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
  });

  it('applies mean and deviation to the range', () => {
    const input = { range: [0, 255], mean: [51, 0, 255], std: [51, 255, 1] } as const;
    assert.deepEqual(plan({ options: { input } }).spec.input.ranges, [
      [-1, 4],
      [0, 1],
      [-255, 0],
    ]);
  });

  it('is the name of its classes that are foreground', () => {
    const classes = ['wall', 'cat', 'person'];
    const model: RedModel = {
      ...raw,
      output: { name: 'mask', dims: [1, 3, 32, 48] },
      channels: 3,
    };
    const spec = (foreground: readonly string[]) =>
      plan({ model, options: { ...unit, output: { classes, foreground } } }).spec;
    assert.deepEqual(spec(['person']).output.foreground, [2]);
    const manifest = { output: { classes, foreground: ['cat'] } };
    const options = { ...unit, output: { foreground: ['person'] } };
    assert.deepEqual(plan({ model, manifest, options }).spec.output.foreground, [2]);
    const others = { ...unit, output: { classes: ['a', 'b', 'c'] } };
    assert.equal(plan({ model, manifest, options: others }).spec.output.foreground, undefined);
    assert.throws(
      () => spec(['dog']),
      /names "dog", which is none of the classes wall, cat, person/,
    );
  });
});

describe('what a graph itself tells', () => {
  const kinds: readonly (readonly [
    'Conv' | NonNullable<RedModel['end']>,
    number,
    readonly number[],
    string,
  ])[] = [
    ['Sigmoid', 1, [1, 1, 32, 48], 'probability'],
    ['Conv', 1, [1, 1, 32, 48], 'logits'],
    ['Softmax', 2, [1, 2, 32, 48], 'softmax'],
    ['Conv', 2, [1, 2, 32, 48], 'logits'],
  ];
  for (const [end, channels, dims, kind] of kinds) {
    it(`takes ${channels} channels of ${end} for ${kind}`, () => {
      const base: RedModel = { ...raw, channels, output: { name: 'mask', dims } };
      const { spec } = plan({ model: end === 'Conv' ? base : { ...base, end }, options: unit });
      assert.deepEqual([spec.output.kind, spec.output.channels], [kind, channels]);
    });
  }

  it('takes integers for indices of classes', () => {
    const outputs = [output('mask', [1, 32, 48], 'int64')];
    const options = { ...unit, output: { classes: ['a', 'b', 'c'] } };
    const model: RedModel = { ...square, change: (graph) => ({ ...graph, nodes: [] }) };
    assert.equal(plan({ model, outputs, options }).spec.output.kind, 'categories');
  });

  const shapes: readonly (readonly [dims: readonly number[], layout: string, channels: number])[] =
    [
      [[1, 1, 32, 48], 'nchw', 1],
      [[1, 32, 48, 1], 'nhwc', 1],
      [[1, 32, 48], 'nchw', 1],
      [[32, 48], 'nchw', 1],
      [[2, 32, 48], 'nchw', 2],
      [[32, 48, 2], 'nhwc', 2],
      [[1, 2, 8, 12], 'nchw', 2],
      [[1, 8, 12, 2], 'nhwc', 2],
    ];
  for (const [dims, layout, channels] of shapes) {
    it(`reads an answer of [${dims.join(', ')}] as ${layout} with ${channels} channel(s)`, () => {
      const kind = channels === 1 ? 'probability' : 'softmax';
      const { spec } = plan({
        outputs: [output('mask', dims)],
        options: { ...unit, output: { kind } },
      });
      const size = dims.includes(8) ? [12, 8] : [48, 32];
      const { output: found } = spec;
      assert.deepEqual(
        [found.layout, found.channels, found.width, found.height],
        [layout, channels, ...size],
      );
    });
  }

  it('picks the output that is told, or the only one that is a mask', () => {
    const outputs = [
      output('scores', [1, 5]),
      output('mask', [1, 1, 32, 48]),
      output('side', [1, 1, 8, 12]),
    ];
    assert.equal(plan({ outputs: outputs.slice(0, 2), options: unit }).output.name, 'mask');
    assert.match(
      refusal({ outputs, options: unit }).message,
      /"output.name" \(which output tells the mask: "mask".*"side"/,
    );
    const told = { ...unit, output: { name: 'side', kind: 'probability' } } as const;
    assert.equal(plan({ outputs, options: told }).output.name, 'side');
  });
});

describe('sizes that are open', () => {
  it('are those that were told', () => {
    const options = { input: { width: 96, height: 64 } };
    const { picture, openSizes } = sizeOf(['batch', 3, 'height', 'width'], { options });
    assert.deepEqual(picture.dims, [1, 3, 64, 96]);
    assert.deepEqual(openSizes, { batch: 1, height: 64, width: 96 });
  });

  it('are larger on a GPU', () => {
    const side = (backend: Backend) => sizeOf([1, 3, 'h', 'w'], { backend }).picture.width;
    assert.deepEqual([side('webgpu'), side('wasm')], [512, 256]);
  });

  it('need no names', () => {
    const { picture, openSizes } = sizeOf([null, null, null, 3]);
    assert.deepEqual([picture.dims, openSizes], [[1, 256, 256, 3], {}]);
  });

  it('stay open where a name stands for two sizes', () => {
    assert.deepEqual(sizeOf(['N', 3, 'N', 'N']).openSizes, {});
  });

  it('may not contradict the file', () => {
    const options = { input: { width: 96 } };
    assert.throws(
      () => sizeOf([1, 3, 32, 48], { options }),
      /not a width of 96. Correct "input.width"/,
    );
  });
});

describe('what a model remembers', () => {
  /** The model with one more input and output, which is an answer of another frame. */
  function remembering(before: string, after: string, dims: readonly Dim[]): RedModel {
    return {
      ...square,
      change: (model) => ({
        ...model,
        inputs: [...model.inputs, { name: before, dims }],
        outputs: [...model.outputs, { name: after, dims }],
        nodes: [...model.nodes, { operator: 'Identity', inputs: [before], outputs: [after] }],
      }),
    };
  }
  const outputs = [output('mask', [1, 1, 32, 48]), output('r1o', [1, 1, 32, 48])];

  it('is known by the names r1i and r1o, and is no mask', () => {
    const model = remembering('r1i', 'r1o', [1, 1, 32, 48]);
    const { spec, input } = plan({ model, options: unit, outputs });
    assert.equal(spec.isRecurrent, true);
    assert.equal(spec.output.name, 'mask');
    assert.deepEqual(input.states, [
      { name: 'r1i', type: 'float32', dims: [1, 1, 32, 48], value: 0, output: 'r1o' },
    ]);
  });

  it('begins with one zero along each size that is open', () => {
    const model = remembering('r1i', 'r1o', ['batch', 16, null, 'width']);
    const [state] = plan({ model, options: unit, outputs }).input.states;
    assert.deepEqual(state?.dims, [1, 16, 1, 1]);
  });

  it('is told by other names', () => {
    const model = remembering('before', 'after', [1, 1, 32, 48]);
    const [mask] = outputs as [SizedTensor];
    const recurrent = [{ in: 'before', out: 'after' }];
    const told = { model, outputs: [mask, output('after', [1, 1, 32, 48])] };
    for (const current of [
      { ...told, options: { ...unit, recurrent } },
      { ...told, options: unit, manifest: { recurrent } },
    ]) {
      assert.deepEqual(
        plan(current).input.states.map(({ name, output }) => [name, output]),
        [['before', 'after']],
      );
    }
    assert.match(refusal({ ...told, options: unit }).message, /"recurrent" in `modelOptions`/);
  });

  it('is all of a frame: such a model does not follow people', () => {
    const model = remembering('r1i', 'r1o', [1, 1, 32, 48]);
    const manifest = { framing: 'people' };
    assert.equal(plan({ model, manifest, options: unit, outputs }).spec.framing, 'whole');
    assert.equal(plan({ manifest, options: unit }).spec.framing, 'people');
  });

  for (const [what, before, after, dims, pairs, why] of [
    ['no input', 'a', 'b', [1], [{ in: 'x', out: 'b' }], /no such input/],
    ['no output', 'a', 'b', [1], [{ in: 'a', out: 'x' }], /no such output/],
    [
      'twice the same',
      'a',
      'b',
      [1],
      [
        { in: 'a', out: 'b' },
        { in: 'picture', out: 'b' },
      ],
      /another pair/,
    ],
    [
      'the mask itself',
      'a',
      'b',
      [1],
      [
        { in: 'a', out: 'b' },
        { in: 'picture', out: 'mask' },
      ],
      /no output is left for the mask/,
    ],
    ['too much', 'a', 'b', [1, 8192, 8192], [{ in: 'a', out: 'b' }], /too many/],
  ] as const) {
    it(`is refused if it is ${what}`, () => {
      const model = remembering(before, after, dims);
      const found = refusal({ model, options: { ...unit, recurrent: pairs } });
      assert.equal(found.code, 'model-unsupported');
      assert.match(found.message, why);
    });
  }
});

describe('a model that cannot be used', () => {
  it('is told which facts are missing, and gets a manifest with the others', () => {
    const model: RedModel = {
      ...raw,
      output: { name: 'mask', dims: [1, 5, 32, 48] },
      channels: 5,
    };
    const { code, message } = refusal({ model, options: { input: { order: 'bgr' } } });
    assert.equal(code, 'model-unsupported');
    assert.match(message, /Missing: "input.range" \(.*\); "output.classes" \(.*red\.json/s);
    const draft = JSON.parse(message.slice(message.indexOf('{'))) as unknown;
    assert.deepEqual(draft, {
      file: 'red.onnx',
      input: {
        name: 'picture',
        layout: 'nchw',
        width: 48,
        height: 32,
        type: 'float32',
        order: 'bgr',
        range: '?',
      },
      output: { name: 'mask', layout: 'nchw', width: 48, height: 32, kind: 'logits', classes: '?' },
    });
  });

  it('runs with the manifest of the message once it is filled in', () => {
    const model: RedModel = {
      ...raw,
      output: { name: 'mask', dims: [1, 5, 32, 48] },
      channels: 5,
    };
    const { message } = refusal({ model });
    const draft = JSON.parse(message.slice(message.indexOf('{'))) as Record<string, object>;
    const manifest = {
      ...draft,
      input: { ...draft['input'], range: [0, 1] },
      output: { ...draft['output'], classes: ['a', 'b', 'c', 'd', 'e'] },
    };
    assert.equal(plan({ model, manifest }).spec.output.channels, 5);
  });

  it('is not taken for a SegFormer by its names alone', () => {
    const model: RedModel = {
      ...square,
      input: { name: 'pixel_values', dims: [1, 3, 32, 32] },
      output: { name: 'logits', dims: [1, 150, 32, 32] },
      channels: 150,
    };
    assert.match(
      refusal({ model }).message,
      /names of SegFormer, but another size of output. Missing: "input.range"/,
    );
  });

  const wrong: readonly (readonly [string, Case, string, RegExp])[] = [
    [
      'an input that is not there',
      { options: { input: { name: 'x' } } },
      'model-unsupported',
      /names an input "x", but the model takes "picture" float32 \[1, 3, 32, 48\]/,
    ],
    [
      'another layout',
      { options: { input: { layout: 'nhwc' } } },
      'model-unsupported',
      /says that the input is nhwc, but the model takes "picture"/,
    ],
    [
      'another type',
      { options: { input: { type: 'uint8' } } },
      'model-unsupported',
      /is uint8, but the model takes "picture" float32/,
    ],
    [
      'an output that is not there',
      { options: { ...unit, output: { name: 'x' } } },
      'model-unsupported',
      /name an output "x", but .* gives "mask" float32/,
    ],
    [
      'another size of output',
      { manifest: { ...unit, output: { width: 9 } } },
      'model-unsupported',
      /"width":9.* gives "mask"/,
    ],
    [
      'classes without channels',
      { options: { ...unit, output: { kind: 'softmax', classes: ['a', 'b', 'c'] } } },
      'model-unsupported',
      /1 channels, but softmax of 3 classes \(a, b, c\) has 3/,
    ],
    [
      'options that are none',
      { options: { input: { range: [1, 1] } } },
      'option-invalid',
      /modelOptions: "input.range" should be two different numbers/,
    ],
    [
      'metadata that are no JSON',
      { model: { ...square, metadata: { [metadataKey]: '{' } } },
      'model-invalid',
      /metadata "void-segmenter" of .*: It is no JSON/,
    ],
    [
      'no picture',
      { model: { ...square, input: { name: 'features', dims: [1, 5] } } },
      'model-unsupported',
      /"features" float32 \[1, 5\], of which nothing is a picture/,
    ],
    [
      'a picture of doubles',
      { model: { ...square, input: { name: 'p', type: 'float64', dims: [1, 3, 8, 8] } } },
      'model-unsupported',
      /float32, float16 or uint8/,
    ],
    [
      'a picture that is too large',
      { model: { ...square, input: { name: 'p', dims: [1, 3, 4096, 4096] } } },
      'model-unsupported',
      /sides of 1 to 2048 pixels/,
    ],
    [
      'a picture either way round',
      { model: { ...square, input: { name: 'p', dims: [1, 3, 8, 3] } } },
      'model-unsupported',
      /more than one way. Tell which by "input.layout"/,
    ],
    [
      'another input',
      {
        model: {
          ...square,
          change: (graph) => ({
            ...graph,
            inputs: [...graph.inputs, { name: 'trimap', dims: [1, 1, 32, 48] }],
          }),
        },
      },
      'model-unsupported',
      /takes "trimap" float32 \[1, 1, 32, 48\] beside the picture/,
    ],
  ];
  for (const [what, current, code, message] of wrong) {
    it(`is refused for ${what}`, () => {
      const found = refusal(current);
      assert.equal(found.code, code);
      assert.match(found.message, message);
    });
  }
});

describe('the header of a file', () => {
  it('is that of the built-in models', async () => {
    for (const name of ['selfie', 'selfie-landscape']) {
      const bytes = await readFile(new URL(`../../models/${name}.onnx`, import.meta.url));
      const json = JSON.parse(
        await readFile(new URL(`../../models/${name}.json`, import.meta.url), 'utf8'),
      ) as unknown;
      const { input } = parseManifest(json);
      const file = { ...createFile({}), bytes: new Uint8Array(bytes) };
      const { picture, header } = planInput(file, 'wasm');
      assert.deepEqual(
        [picture.name, picture.width, picture.height],
        [input.name, input.width, input.height],
      );
      // Their weights are stored so, and nothing is computed in it.
      assert.equal(header.computesInFloat16, false);
    }
  });

  it('is refused at every length that is not the whole', () => {
    const bytes = createRedModel(square);
    for (let length = 0; length < bytes.length - 8; length++) {
      const file = { ...createFile({}), bytes: bytes.slice(0, length) };
      assert.throws(() => planInput(file, 'wasm'), { code: 'model-invalid' });
    }
  });
});
