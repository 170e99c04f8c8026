import { expect } from '@open-wc/testing';
import type { BackendOption } from '../src/index.ts';
import { Segmenter, type LoadProgress, type SegmenterError } from '../src/segmenter.ts';
import { verticesOf } from './helpers/contours.ts';
import { createFigure, greenModel } from './helpers/element.ts';
import { messageOf } from './helpers/promises.ts';

for (const backend of ['wasm', 'webgpu'] as const) {
  describe(`Segmenter on ${backend}`, () => {
    it('segments pictures one after the other and at once', async () => {
      const segmenter = await Segmenter.create({ backend, model: greenModel });
      try {
        expect([segmenter.backend, segmenter.model]).to.deep.equal([backend, 'green']);
        const figure = await createFigure(40, 30);
        const masks = await Promise.all([
          segmenter.segment(figure),
          segmenter.segment(figure, { output: 'float' }),
          segmenter.segment(figure, { output: 'categories', threshold: 0.9 }),
        ]);
        expect(masks.map(({ format }) => format)).to.deep.equal(['alpha', 'float', 'categories']);
        for (const { width, height, data } of masks) {
          expect([width, height, data?.[0]]).to.deep.equal([40, 30, data?.[1]]);
          expect(data?.[15 * 40 + 20]).to.be.greaterThan(0.99);
        }
      } finally {
        segmenter.dispose();
      }
    });
  });
}

for (const renderer of ['webgpu', 'webgl2', '2d'] as const) {
  it(`Segmenter gives a contour of the figure where ${renderer} draws`, async () => {
    const on =
      renderer === 'webgpu' ? { backend: renderer } : { backend: 'wasm' as const, renderer };
    const segmenter = await Segmenter.create({ ...on, model: greenModel });
    try {
      expect(segmenter.renderer).to.equal(renderer);
      const figure = await createFigure(400, 300);
      const { width, height, points = [] } = await segmenter.segment(figure, { output: 'contour' });
      expect([width, height, points.length]).to.deep.equal([400, 300, 1]);
      const vertices = points.flatMap(verticesOf);
      // The figure is 100..300 x 75..225; a pixel of the mask is 6.25 x 4.7 of the picture's.
      for (const [axis, from, to] of [
        [0, 100, 300],
        [1, 75, 225],
      ] as const) {
        const values = vertices.map((vertex) => vertex[axis]);
        expect(Math.min(...values)).to.be.closeTo(from, 6);
        expect(Math.max(...values)).to.be.closeTo(to, 6);
      }
      const small = await segmenter.segment(figure, { output: 'contour', size: 'model' });
      expect([small.width, small.height, small.points?.length]).to.deep.equal([64, 64, 1]);
      expect(Math.max(...(small.points?.[0] ?? []))).to.be.closeTo(48, 1);
    } finally {
      segmenter.dispose();
    }
  });
}

describe('Segmenter', () => {
  it('tells how far the download is', async () => {
    const told: LoadProgress[] = [];
    const segmenter = await Segmenter.create({
      backend: 'wasm',
      model: 'selfie-landscape',
      onProgress: (progress) => told.push(progress),
    });
    segmenter.dispose();
    const model = told.filter(({ asset }) => asset.endsWith('.onnx'));
    expect(model.at(-1)?.loaded).to.equal(247_196);
    expect(model.map(({ loaded }) => loaded)).to.deep.equal(
      model.map(({ loaded }) => loaded).toSorted((a, b) => a - b),
    );
  });

  it('rejects with AbortError when aborted while loading', async () => {
    const controller = new AbortController();
    const creating = Segmenter.create({
      backend: 'wasm',
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    const error = await creating.catch((reason: unknown) => reason);
    expect((error as Error).name).to.equal('AbortError');
  });

  it('rejects waiting calls when it is disposed of', async () => {
    const segmenter = await Segmenter.create({ backend: 'wasm', model: greenModel });
    const waiting = segmenter.segment(await createFigure()).catch((reason: unknown) => reason);
    segmenter.dispose();
    expect(((await waiting) as SegmenterError).code).to.equal('worker-failed');
    const after = await segmenter.segment(await createFigure()).catch((reason: unknown) => reason);
    expect((after as SegmenterError).code).to.equal('worker-failed');
  });

  it('rejects with the code of what is wrong', async () => {
    const error = await Segmenter.create({ backend: 'wasm', model: '/nothing.onnx' }).catch(
      (reason: unknown) => reason,
    );
    expect((error as SegmenterError).code).to.equal('model-fetch');
    const call = Segmenter.create({ backend: 'webgl' as BackendOption, model: greenModel });
    expect(await messageOf(call)).to.contain('auto, webgpu, webnn, wasm');
  });
});
