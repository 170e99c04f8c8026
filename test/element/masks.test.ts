import { expect } from '@open-wc/testing';
import type { Mask, MaskFormat, MaskOutput, VoidSegmenterElement } from '../../src/index.ts';
import { areaOf, fillPath } from '../helpers/contours.ts';
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
    // Of all tests that need none of their own: it takes longer to start than to give a mask.
    let running: VoidSegmenterElement;
    /** Masks that came before any was asked for. */
    let early = 0;

    before(async () => {
      running = createElement({ backend, model: greenModel });
      const count = (): number => early++;
      running.addEventListener('void-mask', count);
      running.srcObject = await createFigure(80, 60);
      await stateOf(running, 'running');
      await running.toBlob();
      running.removeEventListener('void-mask', count);
    });

    // So that the next choice is a new one.
    afterEach(() => Object.assign(running, { maskOutput: 'none', maskSize: 'source' }));

    after(removeElements);

    /** The mask of the picture that is shown. */
    async function maskFor(choice: Partial<VoidSegmenterElement>): Promise<Mask> {
      const event = nextEvent(running, 'void-mask');
      Object.assign(running, choice);
      return (await event).mask;
    }

    it('never fires at mask-output none', () => {
      expect(early).to.equal(0);
    });

    it('carries the mask of the first frame', async () => {
      const element = createElement({ backend, model: greenModel, maskOutput: 'alpha' });
      const event = nextEvent(element, 'void-mask');
      element.srcObject = await createFigure(80, 60);
      const { mask, timestampUs } = await event;
      expect(probe(mask)).to.deep.equal({ person: 255, background: 0 });
      expect(timestampUs).to.equal(0);
    });

    const cases: readonly [MaskOutput, number, number][] = [
      ['alpha', 255, 0],
      ['float', 1, 0],
      ['categories', 1, 0],
    ];
    for (const [maskOutput, person, background] of cases) {
      it(`carries ${maskOutput} data as large as the source`, async () => {
        const mask = await maskFor({ maskOutput });
        expect([mask.width, mask.height, mask.format]).to.deep.equal([80, 60, maskOutput]);
        expect(mask.data).to.have.length(80 * 60);
        expect(mask.classes).to.deep.equal(['background', 'person']);
        const found = probe(mask);
        // sigmoid(±0.44 * 20) is 0.9998 and 0.00005.
        expect(found.person).to.be.closeTo(person, person / 100);
        expect(found.background).to.be.closeTo(background, 0.01);
      });
    }

    it('carries a bitmap whose alpha is the mask', async () => {
      const mask = await maskFor({ maskOutput: 'bitmap' });
      const { data } = mask.toImageData();
      expect([mask.bitmap?.width, mask.bitmap?.height]).to.deep.equal([80, 60]);
      expect(data[4 * (30 * 80 + 40) + 3]).to.equal(255);
      expect(data[3]).to.equal(0);
      mask.close();
    });

    it('carries a contour around the figure and not the wall', async () => {
      const mask = await maskFor({ maskOutput: 'contour' });
      expect([mask.width, mask.height, mask.format]).to.deep.equal([80, 60, 'contour']);
      const filled = fillPath(mask.path ?? '', 80, 60);
      // The figure is 20..60 x 15..45. A pixel of the mask is 1.25 x 0.94 of the picture's.
      const wrong = filled.flatMap((isFilled, i) => {
        const [x, y] = [i % 80, Math.floor(i / 80)];
        const isEdge =
          Math.min(Math.abs(x - 19.5), Math.abs(x - 59.5)) < 2 ||
          Math.min(Math.abs(y - 14.5), Math.abs(y - 44.5)) < 2;
        const isFigure = x >= 20 && x < 60 && y >= 15 && y < 45;
        return isEdge || isFilled === isFigure ? [] : [`${x},${y}`];
      });
      expect(wrong).to.deep.equal([]);
      expect(mask.points).to.have.length(1);
      expect(areaOf(mask.points?.[0] ?? new Float32Array())).to.be.closeTo(40 * 30, 100);
      const { data } = mask.toImageData();
      expect([data[4 * (30 * 80 + 40) + 3], data[3]]).to.deep.equal([255, 0]);
    });

    it('carries the mask as the model gave it', async () => {
      const mask = await maskFor({ maskOutput: 'alpha', maskSize: 'model' });
      expect([mask.width, mask.height]).to.deep.equal([64, 64]);
    });

    it('carries a contour of nothing where nobody is', async () => {
      const canvas = new OffscreenCanvas(40, 30);
      canvas.getContext('2d')?.fillRect(0, 0, 40, 30);
      const srcObject = await createImageBitmap(canvas);
      let mask = await maskFor({ maskOutput: 'contour', srcObject });
      // It may be of the picture before.
      while (mask.width !== 40) mask = (await nextEvent(running, 'void-mask')).mask;
      expect(mask.points).to.deep.equal([]);
      expect(fillPath(mask.path ?? '', 40, 30)).not.to.include(true);
    });

    it('segments pictures outside the stream', async () => {
      const figure = await createFigure(100, 50);
      const mask = await running.segment(figure);
      expect([mask.width, mask.height, mask.format]).to.deep.equal([100, 50, 'alpha']);
      expect(probe(mask)).to.deep.equal({ person: 255, background: 0 });
      expect(figure.width, 'the picture stays the caller’s').to.equal(100);
      const small = await running.segment(figure, { output: 'float', size: 'model' });
      expect([small.width, small.format]).to.deep.equal([64, 'float']);
      const contour = await running.segment(figure, { output: 'contour' });
      expect([contour.width, contour.height, contour.format]).to.deep.equal([100, 50, 'contour']);
      const filled = fillPath(contour.path ?? '', 100, 50);
      expect([filled[25 * 100 + 50], filled[0]]).to.deep.equal([true, false]);
    });

    it('segments every kind of picture', async () => {
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
        const mask = await running.segment(picture);
        expect(probe(mask), picture.constructor.name).to.deep.equal({ person: 255, background: 0 });
      }
      frame.close();
    });

    it('rejects a kind of mask that there is not', async () => {
      const output = 'outline' as MaskFormat;
      const error = await running
        .segment(await createFigure(), { output })
        .catch((reason: unknown) => reason);
      expect(error).to.include({ code: 'option-invalid', fatal: false });
    });

    it('rejects with AbortError once the signal aborts', async () => {
      const signal = AbortSignal.abort();
      const error = await running
        .segment(await createFigure(), { signal })
        .catch((reason: unknown) => reason);
      expect((error as Error).name).to.equal('AbortError');
    });
  });
}
