/**
 * The committed models against what MediaPipe's own runtime gave for the same pixels (tools/make-fixtures.ts).
 * Measured differences are up to 2e-4; they come from the order of additions.
 */
import { expect } from '@open-wc/testing';
import * as ort from 'onnxruntime-web/wasm';

import { matchesGolden, paintGolden } from '../../src/inference/golden.ts';
import { parseComplete, type CompleteManifest } from '../helpers/complete-manifest.ts';

const maxDifference = 5e-4;
const minIntersectionOverUnion = 0.999;

interface Fixture {
  readonly model: string;
  readonly width: number;
  readonly height: number;
  readonly picture: string;
  readonly mask: string;
}

interface LoadedModel {
  readonly manifest: CompleteManifest;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly session: ort.InferenceSession;
}

async function fetchOk(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response;
}

async function loadModel(name: string): Promise<LoadedModel> {
  const json = (await (await fetchOk(`/models/${name}.json`)).json()) as unknown;
  const manifest = parseComplete(json);
  const file = await (await fetchOk(`/models/${manifest.file}`)).arrayBuffer();
  const bytes = new Uint8Array(file);
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
  return { manifest, bytes, session };
}

/** The stored numbers of a PNG, RGBA, without colour management. */
async function decodePixels(url: string): Promise<ImageData> {
  const bitmap = await createImageBitmap(await (await fetchOk(url)).blob(), {
    colorSpaceConversion: 'none',
  });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('no 2D canvas');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Runs a model on RGBA pixels at its input size. */
async function runModel(
  { manifest, session }: LoadedModel,
  pixels: Uint8ClampedArray,
): Promise<Float32Array> {
  const { input, output } = manifest;
  const rgb = pixels.filter((_, index) => index % 4 !== 3);
  const tensor = new ort.Tensor(
    'float32',
    Float32Array.from(rgb, (level) => level / 255),
    [1, input.height, input.width, 3],
  );
  const answer = (await session.run({ [input.name]: tensor }))[output.name];
  expect(answer?.dims).to.deep.equal([1, output.height, output.width, 1]);
  return answer?.data as Float32Array;
}

function compareMasks(actual: Float32Array, expected: Float32Array) {
  expect(actual.length).to.equal(expected.length);
  let largestDifference = 0;
  let intersection = 0;
  let union = 0;
  for (const [index, value] of expected.entries()) {
    const other = actual[index] ?? NaN;
    // Not Math.max alone: a NaN must not pass for a small difference.
    const difference = Math.abs(value - other);
    if (!(difference <= largestDifference)) largestDifference = difference;
    intersection += Number(value > 0.5 && other > 0.5);
    union += Number(value > 0.5 || other > 0.5);
  }
  return { largestDifference, intersectionOverUnion: intersection / union };
}

const { fixtures } = (await (await fetchOk('/test/assets/parity/index.json')).json()) as {
  fixtures: readonly Fixture[];
};

for (const name of ['selfie', 'selfie-landscape']) {
  describe(`models/${name}.onnx`, () => {
    let model: LoadedModel;

    before(async function () {
      this.timeout(30_000);
      model = await loadModel(name);
    });

    after(async () => {
      await model.session.release();
    });

    it('has the hash that its manifest says', async () => {
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', model.bytes));
      expect(model.manifest.integrity).to.equal(`sha256-${btoa(String.fromCharCode(...digest))}`);
    });

    it('answers the golden picture as its manifest says', async () => {
      const { input, output, golden } = model.manifest;
      if (!golden) throw new Error('the manifest has no golden');
      const mask = await runModel(model, paintGolden(input.width, input.height));
      expect(matchesGolden(mask, output.width, output.height, golden)).to.equal(true);
    });

    const pictures = fixtures.filter((fixture) => fixture.model === name);

    it('has reference masks', () => {
      expect(pictures.length).to.be.greaterThan(2);
    });

    for (const { picture, mask } of pictures) {
      it(`gives the mask of MediaPipe for ${picture}`, async () => {
        const { data } = await decodePixels(`/test/assets/parity/${picture}`);
        const reference = await (await fetchOk(`/test/assets/parity/${mask}`)).arrayBuffer();
        const actual = await runModel(model, data);
        const result = compareMasks(actual, new Float32Array(reference));
        expect(result.largestDifference).to.be.lessThan(maxDifference);
        expect(result.intersectionOverUnion).to.be.greaterThan(minIntersectionOverUnion);
      });
    }
  });
}
