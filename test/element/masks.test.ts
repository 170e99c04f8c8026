import { expect } from '@open-wc/testing';
import type { Mask, MaskOutput } from '../../src/index.ts';
import {
  createElement,
  createFigure,
  greenModel,
  nextEvent,
  removeElements,
  stateOf,
} from '../helpers/element.ts';

/** Values at the centre (person) and in a corner (background). */
function probe(mask: Mask): { person: number; background: number } {
  const at = (x: number, y: number): number =>
    mask.data?.[Math.floor(y * mask.height) * mask.width + Math.floor(x * mask.width)] ?? NaN;
  return { person: at(0.5, 0.5), background: at(0.02, 0.02) };
}

for (const backend of ['wasm', 'webgpu'] as const) {
  describe(`masks on ${backend}`, () => {
    afterEach(removeElements);

    const cases: readonly [MaskOutput, number, number][] = [
      ['alpha', 255, 0],
      ['float', 1, 0],
      ['categories', 1, 0],
    ];
    for (const [maskOutput, person, background] of cases) {
      it(`carries ${maskOutput} data as large as the source`, async () => {
        const element = createElement({ backend, model: greenModel, maskOutput });
        const event = nextEvent(element, 'void-mask');
        element.srcObject = await createFigure(80, 60);
        const { mask, timestampUs } = await event;
        expect([mask.width, mask.height, mask.format]).to.deep.equal([80, 60, maskOutput]);
        expect(mask.data).to.have.length(80 * 60);
        expect(mask.classes).to.deep.equal(['background', 'person']);
        expect(timestampUs).to.equal(0);
        const found = probe(mask);
        // sigmoid(±0.44 * 20) is 0.9998 and 0.00005.
        expect(found.person).to.be.closeTo(person, person / 100);
        expect(found.background).to.be.closeTo(background, 0.01);
      });
    }

    it('carries a bitmap whose alpha is the mask', async () => {
      const element = createElement({ backend, model: greenModel, maskOutput: 'bitmap' });
      const event = nextEvent(element, 'void-mask');
      element.srcObject = await createFigure();
      const { mask } = await event;
      const { data } = mask.toImageData();
      expect([mask.bitmap?.width, mask.bitmap?.height]).to.deep.equal([64, 48]);
      expect(data[4 * (24 * 64 + 32) + 3]).to.equal(255);
      expect(data[3]).to.equal(0);
      mask.close();
    });

    it('carries the mask as the model gave it', async () => {
      const element = createElement({
        backend,
        model: greenModel,
        maskOutput: 'alpha',
        maskSize: 'model',
      });
      const event = nextEvent(element, 'void-mask');
      element.srcObject = await createFigure(80, 60);
      const { mask } = await event;
      expect([mask.width, mask.height]).to.deep.equal([64, 64]);
    });

    it('answers when masks are asked for after the picture was shown', async () => {
      const element = createElement({
        backend,
        model: greenModel,
        effect: 'none',
        srcObject: await createFigure(),
      });
      await stateOf(element, 'running');
      const event = nextEvent(element, 'void-mask');
      element.maskOutput = 'alpha';
      expect(probe((await event).mask).person).to.equal(255);
    });

    it('never fires at mask-output none', async () => {
      const element = createElement({ backend, model: greenModel });
      let masks = 0;
      element.addEventListener('void-mask', () => masks++);
      element.srcObject = await createFigure();
      await stateOf(element, 'running');
      await element.toBlob();
      expect(masks).to.equal(0);
    });

    it('segments pictures outside the stream', async () => {
      const element = createElement({ backend, model: greenModel });
      const figure = await createFigure(100, 50);
      const mask = await element.segment(figure);
      expect([mask.width, mask.height, mask.format]).to.deep.equal([100, 50, 'alpha']);
      expect(probe(mask)).to.deep.equal({ person: 255, background: 0 });
      expect(figure.width, 'the picture stays the caller’s').to.equal(100);
      const small = await element.segment(figure, { output: 'float', size: 'model' });
      expect([small.width, small.format]).to.deep.equal([64, 'float']);
    });

    it('segments every kind of picture', async () => {
      const element = createElement({ backend, model: greenModel });
      const figure = await createFigure();
      const canvas = document.createElement('canvas');
      canvas.width = 64;
      canvas.height = 48;
      const context = canvas.getContext('2d');
      context?.drawImage(figure, 0, 0);
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve));
      const image = new Image();
      image.src = canvas.toDataURL();
      await image.decode();
      const frame = new VideoFrame(canvas, { timestamp: 5 });
      const pictures = [figure, canvas, blob, image, frame, context?.getImageData(0, 0, 64, 48)];
      for (const picture of pictures) {
        if (!picture) throw new Error('the browser made no picture');
        const mask = await element.segment(picture);
        expect(probe(mask), picture.constructor.name).to.deep.equal({ person: 255, background: 0 });
      }
      frame.close();
    });

    it('rejects with AbortError once the signal aborts', async () => {
      const element = createElement({ backend, model: greenModel });
      const signal = AbortSignal.abort();
      const error = await element
        .segment(await createFigure(), { signal })
        .catch((reason: unknown) => reason);
      expect((error as Error).name).to.equal('AbortError');
    });
  });
}
