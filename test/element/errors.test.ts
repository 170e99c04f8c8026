import { expect } from '@open-wc/testing';
import type { SegmenterError, VoidSegmenterElement } from '../../src/index.ts';
import {
  clipUrl,
  createElement,
  createFigure,
  greenModel,
  nextEvent,
  pixelAt,
  readPixels,
  removeElementsBut,
  stateOf,
} from '../helpers/element.ts';

const wasm = { backend: 'wasm', model: greenModel } as const;

/** The same server under its other name: another origin to the browser. */
const foreignOrigin = location.origin.replace(
  location.hostname,
  location.hostname === 'localhost' ? '127.0.0.1' : 'localhost',
);

/** Acts, and returns the error of the event and the one of a promise that waits meanwhile. */
async function provoke(
  element: VoidSegmenterElement,
  act: () => Promise<unknown>,
): Promise<{ event: SegmenterError; promise: SegmenterError }> {
  const event = nextEvent(element, 'void-error');
  const promise = act().then(
    () => expect.fail('nothing was rejected'),
    (error: unknown) => error as SegmenterError,
  );
  return { event: (await event).error, promise: await promise };
}

describe('errors', () => {
  /** Of several tests: it takes longer to start a model than to refuse a source. */
  let shared: VoidSegmenterElement | null = null;

  afterEach(() => removeElementsBut(shared));

  describe('of a model', () => {
    const cases = [
      ['a missing file', { model: '/no-such-model.onnx' }, 'model-fetch', /404/],
      [
        'a page saved as .onnx',
        { model: '/test/assets/models/html.onnx' },
        'model-invalid',
        /HTML/,
      ],
      [
        'a truncated file',
        { model: '/test/assets/models/truncated.onnx' },
        'model-invalid',
        /damaged/,
      ],
      [
        'a model of another kind',
        { model: '/test/assets/models/unsupported.onnx' },
        'model-unsupported',
        /manifest/,
      ],
      [
        'a wrong hash',
        { model: greenModel, integrity: `sha256-${btoa('\0'.repeat(32))}` },
        'model-integrity',
        /sha256-/,
      ],
      [
        'a wrong answer to the golden picture',
        { model: '/test/assets/models/broken-golden.json' },
        'backend-unavailable',
        /wrong/,
      ],
    ] as const;
    for (const [what, options, code, message] of cases) {
      it(`tells of ${what} on event and promise, and recovers`, async () => {
        const element = createElement({ backend: 'wasm', ...options });
        const figure = await createFigure();
        const { event, promise } = await provoke(element, () => element.segment(figure));
        expect(event.code).to.equal(code);
        expect(event.message).to.match(message);
        expect(promise, 'the same error').to.equal(event);
        expect([event.fatal, element.state]).to.deep.equal([true, 'failed']);

        Object.assign(element, { model: greenModel, integrity: '', srcObject: figure });
        await stateOf(element, 'running');
        expect((await element.segment()).width).to.equal(64);
      });
    }

    it('tells what a model lacks, and starts once modelOptions have it', async () => {
      const file = await (await fetch('/test/assets/models/green.onnx')).blob();
      const model = URL.createObjectURL(file);
      const srcObject = await createFigure();
      const element = createElement({ backend: 'wasm', model, srcObject });
      const { error } = await nextEvent(element, 'void-error');
      expect(error.code).to.equal('model-unsupported');
      expect(error.message).to.match(/Missing: "input.range" \(.*"range": "\?"/s);
      // Frameworks hand over proxies, which no worker takes.
      element.modelOptions = { input: new Proxy({ range: [0, 1] }, {}) };
      await stateOf(element, 'running');
      expect((await element.segment()).width).to.equal(64);
      URL.revokeObjectURL(model);
    });

    it('fails the element, and a good model starts it again', async () => {
      const element = createElement({
        backend: 'wasm',
        model: '/no-such-model.onnx',
        srcObject: await createFigure(),
      });
      const { error } = await nextEvent(element, 'void-error');
      expect([error.code, element.state]).to.deep.equal(['model-fetch', 'failed']);
      expect(element.matches(':state(failed)')).to.equal(true);
      element.model = greenModel;
      await stateOf(element, 'running');
    });
  });

  describe('of a source', () => {
    const cases = [
      ['a missing video', { src: '/no-such-video.webm' }, 'source-fetch', /404/],
      ['a missing image', { src: '/no-such-image.png' }, 'source-fetch', /404/],
      ['a video that is none', { src: '/package.json' }, 'source-decode', /package\.json/],
      ['an image that is none', { src: '/test/assets/models/green.png' }, 'source-fetch', /404/],
      [
        'an image of another origin',
        { src: `${foreignOrigin}/test/assets/parity/astronaut-256x256.png` },
        'source-tainted',
        /crossorigin/,
      ],
      [
        'a video of another origin',
        { src: foreignOrigin + clipUrl },
        'source-tainted',
        /crossorigin/,
      ],
      [
        'a file that is no picture',
        { srcObject: new Blob(['no picture'], { type: 'image/png' }) },
        'source-decode',
        /decode/,
      ],
      ['an object of another kind', { srcObject: {} as Blob }, 'option-invalid', /MediaStream/],
    ] as const;
    describe('that takes the place of another', () => {
      let element: VoidSegmenterElement;
      before(() => (shared = element = createElement({ ...wasm, muted: true })));
      after(() => (shared = null));

      for (const [what, source, code, message] of cases) {
        it(`tells of ${what}, and a good one starts it again`, async () => {
          Object.assign(element, { srcObject: null });
          await element.updateComplete;
          Object.assign(element, source);
          const { event, promise } = await provoke(element, () => element.play());
          expect(event.code).to.equal(code);
          expect(event.message).to.match(message);
          expect(promise, 'the same error').to.equal(event);
          expect(element.state).to.equal('failed');

          Object.assign(element, { src: '', srcObject: await createFigure() });
          await stateOf(element, 'running');
        });
      }
    });

    it('rejects play() without a source', async () => {
      const element = createElement(wasm);
      const { event, promise } = await provoke(element, () => element.play());
      expect(event.code).to.equal('option-invalid');
      expect(promise).to.equal(event);
      expect(element.state).to.equal('idle');
    });

    it('rejects calls while the element is in no document', async () => {
      const element = document.createElement('void-segmenter');
      for (const call of [() => element.play(), () => element.segment(), () => element.toBlob()]) {
        const { event, promise } = await provoke(element, call);
        expect(event.code).to.equal('option-invalid');
        expect(promise).to.equal(event);
      }
    });

    it('rejects toBlob() before the first frame', async () => {
      const element = createElement(wasm);
      const { event, promise } = await provoke(element, () => element.toBlob());
      expect([event.code, event.fatal]).to.deep.equal(['unsupported', false]);
      expect(promise).to.equal(event);
    });
  });

  describe('of an option', () => {
    it('keeps the last good value and the state', async () => {
      const element = createElement({ ...wasm, effect: 'mask', srcObject: await createFigure() });
      await stateOf(element, 'running');
      const event = nextEvent(element, 'void-error');
      element.setAttribute('effect', 'sparkle');
      const { error } = await event;
      expect([error.code, error.fatal]).to.deep.equal(['option-invalid', false]);
      expect(error.message).to.contain('"cutout"');
      expect([element.effect, element.state]).to.deep.equal(['mask', 'running']);
      element.effect = 'none';
      await element.updateComplete;
      expect(element.effect).to.equal('none');
    });

    it('takes numbers that a framework sets as text', async () => {
      const element = createElement(wasm);
      let errors = 0;
      element.addEventListener('void-error', () => errors++);
      Object.assign(element, { threshold: '0.25', blurRadius: '20', maxFps: '15', workers: '2' });
      await element.updateComplete;
      const { threshold, blurRadius, maxFps, workers } = element;
      expect([threshold, blurRadius, maxFps, workers, errors]).to.deep.equal([0.25, 20, 15, 2, 0]);
    });

    it('goes back to the default when a value is taken away', async () => {
      const element = createElement(wasm);
      let errors = 0;
      element.addEventListener('void-error', () => errors++);
      element.setAttribute('effect', 'mask');
      element.setAttribute('threshold', '0.25');
      element.setAttribute('camera', 'user');
      await element.updateComplete;
      for (const name of ['effect', 'threshold', 'camera']) element.removeAttribute(name);
      Object.assign(element, { maskOutput: undefined, model: undefined, background: null });
      await element.updateComplete;
      const { effect, threshold, camera, maskOutput } = element;
      expect([effect, threshold, camera, maskOutput]).to.deep.equal(['cutout', 0.5, null, 'none']);
      expect(errors).to.equal(0);
    });

    it('tells of a background that does not load, and goes on', async () => {
      const element = createElement({
        ...wasm,
        effect: 'replace',
        srcObject: await createFigure(),
      });
      await stateOf(element, 'running');
      const event = nextEvent(element, 'void-error');
      element.background = '/no-such-picture.png';
      expect((await event).error.code).to.equal('option-invalid');
      expect(element.state).to.equal('running');

      const again = nextEvent(element, 'void-error');
      element.blurRadius = 3;
      await element.updateComplete;
      element.background = 'var(--accent)';
      expect((await again).error.message).to.contain('var(--accent)');
    });
  });

  describe('of a background', () => {
    it('tells of one that the GPU has no room for, and goes on', async () => {
      const element = createElement({
        backend: 'webgpu',
        model: greenModel,
        effect: 'replace',
        srcObject: await createFigure(),
      });
      await stateOf(element, 'running');
      const event = nextEvent(element, 'void-error');
      element.background = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" width="20000" height="2"/>')}`;
      const { error } = await event;
      expect(error.code).to.equal('option-invalid');
      expect(error.message).to.contain('smaller');
      expect(element.state).to.equal('running');
      expect(pixelAt(await readPixels(element), 0.5, 0.5)[3]).to.equal(255);
    });
  });

  describe('of a backend', () => {
    it('tells that WebNN is missing', async () => {
      const element = createElement({ backend: 'webnn', model: greenModel, preload: 'model' });
      const { error } = await nextEvent(element, 'void-error');
      expect(error.code).to.equal('backend-unavailable');
      expect(error.message).to.contain('WebNN');
      element.backend = 'wasm';
      expect((await nextEvent(element, 'void-ready')).backend).to.equal('wasm');
    });
  });

  describe('of a policy', () => {
    it('tells that the page’s policy blocks the worker', async () => {
      const frame = document.createElement('iframe');
      frame.src = '/test/pages/blocked-worker.html';
      document.body.append(frame);
      const { data } = await new Promise<MessageEvent<{ code: string; message: string }>>(
        (resolve) => addEventListener('message', resolve, { once: true }),
      );
      expect(data.code).to.equal('worker-blocked');
      expect(data.message).to.contain('worker-src');
      frame.remove();
    });
  });
});
