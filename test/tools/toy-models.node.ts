import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

import { matchesGolden, paintGolden } from '../../src/inference/golden.ts';
import { runOnnx } from '../../tools/run-onnx.ts';
import { parseComplete } from '../helpers/complete-manifest.ts';

function readAsset(name: string): Promise<Buffer> {
  return readFile(new URL(`../assets/models/${name}`, import.meta.url));
}

async function readManifest(name: string) {
  return parseComplete(JSON.parse((await readAsset(name)).toString()));
}

/** RGBA bytes as `[1, height, width, 3]` RGB 0..1. */
function createImage(pixels: Uint8ClampedArray, width: number, height: number) {
  const rgb = pixels.filter((_, index) => index % 4 !== 3);
  return { dims: [1, height, width, 3], data: Float32Array.from(rgb, (level) => level / 255) };
}

describe('toy models', () => {
  for (const name of ['green', 'green-wide']) {
    it(`${name} takes green for foreground`, async () => {
      const { file, input } = await readManifest(`${name}.json`);
      const { width, height } = input;
      const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
      const isGreen = (pixel: number) => pixel % 3 === 0;
      for (let pixel = 0; pixel < width * height; pixel++) {
        pixels.set([128, isGreen(pixel) ? 255 : 0, 200], pixel * 4);
      }
      const { dims, data } = await runOnnx(
        await readAsset(file),
        createImage(pixels, width, height),
      );
      assert.deepEqual(dims, [1, height, width, 1]);
      for (const [pixel, value] of data.entries()) {
        assert.ok(Math.abs(value - Number(isGreen(pixel))) < 1e-3);
      }
    });
  }

  for (const name of ['colors', 'colors-planar', 'colors-softmax', 'colors-softmax-planar']) {
    it(`${name} tells red, green and blue`, async () => {
      const { file, input, output } = await readManifest(`${name}.json`);
      const { width, height } = input;
      const area = width * height;
      const pixels = new Uint8ClampedArray(area * 4).fill(0);
      for (let pixel = 0; pixel < area; pixel++) pixels[4 * pixel + (pixel % 3)] = 255;
      const { data } = await runOnnx(await readAsset(file), createImage(pixels, width, height));
      const isPlanar = output.layout === 'nchw';
      const most = output.kind === 'logits' ? 20 : 1;
      for (let pixel = 0; pixel < area; pixel++) {
        for (let channel = 0; channel < 3; channel++) {
          const value = data[isPlanar ? channel * area + pixel : pixel * 3 + channel] ?? NaN;
          assert.ok(Math.abs(value - (channel === pixel % 3 ? most : 0)) < 1e-3);
        }
      }
    });
  }

  it('green-logit answers without the sigmoid', async () => {
    const pixels = new Uint8ClampedArray(64 * 64 * 4).fill(255);
    const { data } = await runOnnx(
      await readAsset('green-logit.onnx'),
      createImage(pixels, 64, 64),
    );
    assert.ok(data.every((value) => Math.abs(value - 10) < 1e-3));
  });

  it('broken-golden names a sound model whose answer does not match', async () => {
    const { file, input, golden } = await readManifest('broken-golden.json');
    const { width, height } = input;
    const image = createImage(paintGolden(width, height), width, height);
    const { data } = await runOnnx(await readAsset(file), image);
    assert.ok(golden && !matchesGolden(data, width, height, golden));
  });

  it('unsupported runs, on something other than pictures', async () => {
    const features = { dims: [1, 5], data: Float32Array.of(1, 2, 3, 4, 5) };
    const { dims, data } = await runOnnx(await readAsset('unsupported.onnx'), features);
    assert.deepEqual({ dims, data: [...data] }, { dims: [1, 2], data: [1, 2] });
  });

  for (const file of ['html.onnx', 'truncated.onnx']) {
    it(`${file} does not load`, async () => {
      const image = createImage(paintGolden(64, 64), 64, 64);
      await assert.rejects(runOnnx(await readAsset(file), image));
    });
  }
});
