import { expect } from '@open-wc/testing';
import type { VoidSegmenterElement } from '../../src/index.ts';
import {
  clipUrl,
  createElement,
  createFigure,
  greenModel,
  nextEvent,
  readShown,
  removeElements,
  stateOf,
} from '../helpers/element.ts';

/** Highest alpha of what the page shows: 0 is nothing at all. */
function visibleAlpha(element: VoidSegmenterElement): number {
  return readShown(element).data.reduce(
    (most, level, i) => (i % 4 === 3 ? Math.max(most, level) : most),
    0,
  );
}

/** Any red in what the page shows is background: the figure stands before a red wall. */
function visibleRed(element: VoidSegmenterElement): number {
  const { data } = readShown(element);
  let most = 0;
  for (let i = 0; i < data.length; i += 4) {
    if ((data[i + 3] ?? 0) > 0) most = Math.max(most, (data[i] ?? 0) - (data[i + 1] ?? 0));
  }
  return most;
}

for (const backend of ['wasm', 'webgpu'] as const) {
  describe(`privacy on ${backend}`, () => {
    afterEach(removeElements);

    it('shows nothing before the first mask', async () => {
      const element = createElement({
        backend,
        model: greenModel,
        src: clipUrl,
        autoplay: true,
        muted: true,
      });
      let looks = 0;
      while (element.state !== 'running') {
        if (element.state === 'failed') throw new Error('the element failed');
        expect(visibleAlpha(element), `look ${looks}`).to.equal(0);
        looks++;
        await new Promise(requestAnimationFrame);
      }
      expect(looks).to.be.greaterThan(3);
    });

    it('shows nothing of the background when an effect begins to hide it', async () => {
      const element = createElement({
        backend,
        model: greenModel,
        effect: 'none',
        srcObject: await createFigure(),
      });
      await stateOf(element, 'running');
      await until(() => visibleRed(element) > 200);
      element.effect = 'cutout';
      await until(() => visibleRed(element) === 0);
      // Once gone it stays gone, until the person stands there alone and after.
      for (let looks = 0; looks < 20; looks++) {
        expect(visibleRed(element)).to.equal(0);
        await new Promise(requestAnimationFrame);
      }
      await until(() => visibleAlpha(element) === 255);
      expect(visibleRed(element)).to.equal(0);
    });

    it('shows nothing after a failure', async () => {
      const element = createElement({
        backend,
        model: greenModel,
        srcObject: await createFigure(),
      });
      await stateOf(element, 'running');
      await until(() => visibleAlpha(element) === 255);
      const failed = nextEvent(element, 'void-error');
      element.model = '/no-such-model.onnx';
      expect((await failed).error.code).to.equal('model-fetch');
      expect(element.state).to.equal('failed');
      expect(visibleAlpha(element)).to.equal(0);
      const error = await element.toBlob().catch((reason: unknown) => reason);
      expect(error).to.be.an('error');
    });
  });
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(requestAnimationFrame);
}
