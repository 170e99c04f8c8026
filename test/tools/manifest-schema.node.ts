import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

import Ajv from 'ajv';

import { parseManifest } from '../../src/inference/manifest.ts';

async function readJson(path: string): Promise<Record<string, object>> {
  const text = await readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
  return JSON.parse(text) as Record<string, object>;
}

const validate = new Ajv().compile(await readJson('models/manifest.schema.json'));
const selfie = await readJson('models/selfie.json');

function isParsed(manifest: unknown): boolean {
  try {
    parseManifest(manifest);
    return true;
  } catch {
    return false;
  }
}

const input = (fields: object) => ({ ...selfie, input: { ...selfie['input'], ...fields } });
const output = (fields: object) => ({ ...selfie, output: { ...selfie['output'], ...fields } });
const hash = `sha256-${'A'.repeat(43)}=`;

const good: readonly (readonly [string, unknown])[] = [
  ['nothing at all', {}],
  ['a model of ours', selfie],
  ['fields of other programs', { ...selfie, $schema: 'manifest.schema.json', author: 7 }],
  ['means and deviations', input({ mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] })],
  ['a range that falls', input({ range: [1, -1] })],
  ['bytes', input({ type: 'uint8' })],
  ['an alpha matte', output({ kind: 'alpha' })],
  [
    'many classes',
    {
      ...output({ kind: 'categories', classes: ['wall', 'sky', 'person'], foreground: ['person'] }),
      framing: 'whole',
    },
  ],
  ['a memory', { recurrent: [{ in: 'before', out: 'after' }] }],
  ['a decoder', { ...selfie, framing: 'whole', decoder: { file: 'd.onnx', integrity: hash } }],
  ['a decoder with names of its own', { decoder: { file: 'd.onnx', names: { masks: 'm' } } }],
  ['weights elsewhere', { externalData: [{ path: 'w', file: '/w.bin', integrity: hash }] }],
];

const bad: readonly (readonly [string, unknown])[] = [
  ['a list', []],
  ['a text', 'selfie'],
  ['an empty name', { name: ' ' }],
  ['half a hash', { integrity: 'sha256-AAAA' }],
  ['an input that is none', { input: 'image' }],
  ['another layout', input({ layout: 'hwc' })],
  ['a side of nothing', input({ width: 0 })],
  ['half a pixel', input({ height: 1.5 })],
  ['a huge side', output({ width: 4096 })],
  ['doubles', input({ type: 'float64' })],
  ['a range of nothing', input({ range: [1, 1] })],
  ['a range of three', input({ range: [0, 1, 2] })],
  ['two means', input({ mean: [0.5, 0.5] })],
  ['a deviation of 0', input({ std: [1, 0, 1] })],
  ['another order', input({ order: 'grb' })],
  ['another kind', output({ kind: 'sigmoid' })],
  ['one class', output({ classes: ['person'] })],
  ['a class twice', output({ classes: ['person', 'person'] })],
  ['three classes of one probability', output({ kind: 'probability', classes: ['a', 'b', 'c'] })],
  ['another framing', { framing: 'faces' }],
  [
    'following people of more classes',
    { ...output({ kind: 'softmax', classes: ['a', 'b', 'c'] }), framing: 'people' },
  ],
  ['half a memory', { recurrent: [{ in: 'before' }] }],
  ['a memory of one', { recurrent: { in: 'before', out: 'after' } }],
  ['no foreground', output({ foreground: [] })],
  ['weights without a path', { externalData: [{ file: 'w.bin' }] }],
  ['a decoder without a file', { decoder: { integrity: hash } }],
  ['a decoder with a name of nothing', { decoder: { file: 'd.onnx', names: { masks: '' } } }],
  ['following people with prompts', { framing: 'people', decoder: { file: 'd.onnx' } }],
  ['a golden without values', { golden: { width: 1, height: 1, tolerance: 8 } }],
];

describe('models/manifest.schema.json', () => {
  for (const [what, manifest] of good) {
    it(`accepts ${what}, as the parser does`, () => {
      assert.deepEqual([validate(manifest), isParsed(manifest)], [true, true]);
    });
  }

  for (const [what, manifest] of bad) {
    it(`refuses ${what}, as the parser does`, () => {
      assert.deepEqual([validate(manifest), isParsed(manifest)], [false, false]);
    });
  }
});
