import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

import { FieldError } from '../../src/inference/fields.ts';
import { parseManifest } from '../../src/inference/manifest.ts';

/** Every field, all of them good. */
function createManifest() {
  return {
    name: 'selfie',
    file: 'selfie.onnx',
    integrity: `sha256-${'A'.repeat(43)}=`,
    bytes: 246914,
    license: 'Apache-2.0',
    source: 'somewhere',
    input: {
      name: 'in',
      layout: 'nhwc',
      width: 256,
      height: 144,
      type: 'float32',
      range: [0, 1],
      order: 'rgb',
    },
    output: {
      name: 'out',
      layout: 'nchw',
      width: 256,
      height: 144,
      kind: 'probability',
      classes: ['background', 'person'],
    },
    golden: { width: 3, height: 1, values: 'AH//', tolerance: 8 },
  };
}

/** A good manifest but for the field at `path`; undefined takes it away. */
function createManifestWith(path: string, value: unknown): unknown {
  const manifest = createManifest() as Record<string, unknown>;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce((object, key) => object[key] as Record<string, unknown>, manifest);
  parent[last] = value;
  return JSON.parse(JSON.stringify(manifest));
}

describe('parseManifest', () => {
  it('reads every field', () => {
    assert.deepEqual(parseManifest(createManifest()), {
      ...createManifest(),
      golden: { width: 3, height: 1, values: Uint8Array.of(0, 127, 255), tolerance: 8 },
    });
  });

  for (const field of ['name', 'file', 'integrity', 'bytes', 'license', 'source', 'golden']) {
    it(`does without ${field}`, () => {
      assert.equal(field in parseManifest(createManifestWith(field, undefined)), false);
    });
  }

  it('does without any field', () => {
    assert.deepEqual(parseManifest({}), { input: {}, output: {} });
  });

  it('reads means, deviations and files with weights', () => {
    const manifest = {
      externalData: [
        {
          path: 'weights.bin',
          file: 'https://cdn.example/w.bin',
          integrity: `sha256-${'A'.repeat(43)}=`,
        },
        { path: 'more.bin' },
      ],
      input: { mean: [0.5, 0.4, 0.3], std: [0.1, 0.2, 0.3] },
      output: { classes: ['wall', 'person'], foreground: ['person'] },
    };
    assert.deepEqual(parseManifest(manifest), manifest);
  });

  it('ignores fields it does not know', () => {
    assert.deepEqual(
      parseManifest(createManifestWith('input.colour', 1)),
      parseManifest(createManifest()),
    );
  });

  it('accepts the committed manifests', async () => {
    for (const name of ['selfie', 'selfie-landscape']) {
      const text = await readFile(new URL(`../../models/${name}.json`, import.meta.url), 'utf8');
      assert.equal(parseManifest(JSON.parse(text)).name, name);
    }
  });

  const refused: readonly [path: string, value: unknown, message: string][] = [
    ['bytes', 1.5, `"bytes" should be a whole number from 1 to ${2 ** 53}, but is 1.5.`],
    ['name', '  ', '"name" should be text of 1 to 2048 characters, but is "  ".'],
    ['file', 7, '"file" should be text of 1 to 2048 characters, but is 7.'],
    [
      'integrity',
      'sha256-AAAA',
      '"integrity" should be "sha256-" and the base64 digest of the file, but is "sha256-AAAA".',
    ],
    ['license', null, '"license" should be text of 1 to 2048 characters, but is null.'],
    ['input', [1], '"input" should be an object, but is [1].'],
    ['input.name', '', '"input.name" should be text of 1 to 2048 characters, but is "".'],
    ['input.layout', 'hwc', '"input.layout" should be "nhwc" or "nchw", but is "hwc".'],
    ['input.width', 0, '"input.width" should be a whole number from 1 to 2048, but is 0.'],
    ['input.width', 25.5, '"input.width" should be a whole number from 1 to 2048, but is 25.5.'],
    [
      'input.height',
      '144',
      '"input.height" should be a whole number from 1 to 2048, but is "144".',
    ],
    [
      'input.height',
      1e6,
      '"input.height" should be a whole number from 1 to 2048, but is 1000000.',
    ],
    [
      'input.type',
      'int8',
      '"input.type" should be "float32", "float16" or "uint8", but is "int8".',
    ],
    [
      'input.mean',
      [0.5, 0.5],
      '"input.mean" should be three numbers, for red, green and blue, but is [0.5,0.5].',
    ],
    [
      'input.std',
      [1, 0, 1],
      '"input.std" should be three numbers other than 0, for red, green and blue, but is [1,0,1].',
    ],
    [
      'externalData',
      'weights.bin',
      '"externalData" should be a list of up to 16 objects, but is "weights.bin".',
    ],
    [
      'externalData',
      [{}],
      '"externalData.0.path" should be text of 1 to 2048 characters, but is missing.',
    ],
    [
      'output.foreground',
      [],
      '"output.foreground" should be a list of different names of classes, but is [].',
    ],
    [
      'input.range',
      [1, 1],
      '"input.range" should be two different numbers, such as [0, 1], but is [1,1].',
    ],
    [
      'input.range',
      [0],
      '"input.range" should be two different numbers, such as [0, 1], but is [0].',
    ],
    [
      'input.range',
      [0, '1'],
      '"input.range" should be two different numbers, such as [0, 1], but is [0,"1"].',
    ],
    ['input.order', 'grb', '"input.order" should be "rgb" or "bgr", but is "grb".'],
    ['output.width', 4096, '"output.width" should be a whole number from 1 to 2048, but is 4096.'],
    [
      'output.kind',
      'sigmoid',
      '"output.kind" should be "probability", "alpha", "logits", "softmax" or "categories", but is "sigmoid".',
    ],
    [
      'output.classes',
      ['person'],
      '"output.classes" should be two different names, background first, but is ["person"].',
    ],
    [
      'output.classes',
      ['a', 2],
      '"output.classes" should be two different names, background first, but is ["a",2].',
    ],
    [
      'output.classes',
      ['a', 'b', 'c'],
      '"output.classes" should be two different names, background first, but is ["a","b","c"].',
    ],
    [
      'output.classes',
      ['a', 'a'],
      '"output.classes" should be two different names, background first, but is ["a","a"].',
    ],
    ['golden', 'AH//', '"golden" should be an object, but is "AH//".'],
    ['golden.width', 65, '"golden.width" should be a whole number from 1 to 64, but is 65.'],
    ['golden.values', 'AH8=', '"golden.values" should be the base64 of 3 bytes, but is "AH8=".'],
    ['golden.values', '%%%%', '"golden.values" should be the base64 of 3 bytes, but is "%%%%".'],
    ['golden.tolerance', -1, '"golden.tolerance" should be a number from 0 to 255, but is -1.'],
    [
      'golden.tolerance',
      undefined,
      '"golden.tolerance" should be a number from 0 to 255, but is missing.',
    ],
  ];
  for (const [path, value, message] of refused) {
    it(`refuses ${path}: ${JSON.stringify(value)}`, () => {
      const isExpected = (error: unknown) =>
        error instanceof FieldError && error.message === message;
      assert.throws(() => parseManifest(createManifestWith(path, value)), isExpected);
    });
  }

  for (const kind of ['logits', 'softmax'] as const) {
    it(`reads up to 256 classes of ${kind}`, () => {
      const parse = (count: number) => {
        const { output, ...manifest } = createManifest();
        const classes = Array.from({ length: count }, (_, i) => `class ${i}`);
        return parseManifest({ ...manifest, output: { ...output, kind, classes } }).output;
      };
      assert.deepEqual([parse(2).kind, parse(6).classes?.length], [kind, 6]);
      assert.equal(parse(256).classes?.[255], 'class 255');
      const words = /"output.classes" should be 2 to 256 different names, background first, but is/;
      assert.throws(() => parse(1), words);
      assert.throws(() => parse(257), words);
    });
  }

  for (const json of [null, 'text', 3, [], undefined]) {
    it(`refuses ${JSON.stringify(json)} as a whole`, () => {
      assert.throws(() => parseManifest(json), /A manifest should be an object/);
    });
  }

  it('cuts long values in messages', () => {
    const manifest = createManifestWith('input.layout', 'x'.repeat(10_000));
    assert.throws(
      () => parseManifest(manifest),
      (error: Error) => error.message.length < 200,
    );
  });

  it('names a field that holds what JSON cannot', () => {
    assert.throws(
      () => parseManifest({ input: { layout: 1n } }),
      /"input.layout" should be .* JSON/,
    );
  });
});
