/** Models that follow each other in one element. */
import { expect } from '@open-wc/testing';
import type { VoidSegmenterElement } from '../../src/index.ts';
import {
  clipUrl,
  createElement,
  createFlag,
  decode,
  nextEvent,
  pixelAt,
  probeFlag,
  readShown,
  removeElements,
} from '../helpers/element.ts';
import { pretendIphone } from '../helpers/iphone.ts';
import { countWorkers, type WorkerCount } from '../helpers/worker-count.ts';

/** What each takes for foreground of red, green and blue. */
const models = {
  green: { model: '/test/assets/models/green.json', mask: [0, 255, 0] },
  colors: { model: '/test/assets/models/colors.json', mask: [0, 255, 255] },
  red: { model: '/test/assets/models/split.onnx', mask: [255, 0, 0] },
} as const;

interface Switched {
  readonly mask: readonly number[];
  /** Files of which a progress was told. */
  readonly loaded: readonly string[];
}

/** Sets the model, and waits for its first mask. */
async function switchTo(
  element: VoidSegmenterElement,
  name: keyof typeof models,
): Promise<Switched> {
  const loaded = new Set<string>();
  const note = ({ asset }: { asset: string }): unknown => loaded.add(asset);
  element.addEventListener('void-progress', note);
  const ready = nextEvent(element, 'void-ready');
  const masked = nextEvent(element, 'void-mask');
  element.model = models[name].model;
  await ready;
  const { mask } = await masked;
  element.removeEventListener('void-progress', note);
  return { mask: probeFlag(mask), loaded: [...loaded] };
}

/** The page gets what a worker has drawn at its next frames. */
async function shows(element: VoidSegmenterElement, expected: readonly number[]): Promise<void> {
  const look = (): number[] =>
    [1, 3, 5].map((at) => pixelAt(readShown(element), at / 6, 0.5)[3] ?? 0);
  while (String(look()) !== String(expected)) await new Promise(requestAnimationFrame);
}

async function createSwitching(
  options: Partial<VoidSegmenterElement> = {},
): Promise<VoidSegmenterElement> {
  const element = createElement({ backend: 'wasm', maskOutput: 'alpha', ...options });
  element.srcObject = await createFlag();
  expect((await switchTo(element, 'green')).mask).to.deep.equal(models.green.mask);
  return element;
}

describe('switching models', () => {
  let workers: WorkerCount;
  beforeEach(() => (workers = countWorkers()));
  afterEach(() => {
    removeElements();
    workers.restore();
  });

  for (const backend of ['wasm', 'webgpu'] as const) {
    it(`and back starts and loads nothing on ${backend}`, async () => {
      const element = await createSwitching({ backend });
      const other = await switchTo(element, 'colors');
      expect(other).to.deep.equal({ mask: models.colors.mask, loaded: ['colors.onnx'] });
      const { started } = workers;
      for (const name of ['green', 'colors', 'green'] as const) {
        expect(await switchTo(element, name)).to.deep.equal({
          mask: models[name].mask,
          loaded: [],
        });
        await shows(element, models[name].mask);
      }
      expect(workers.started).to.equal(started);
      expect(element.shadowRoot?.querySelectorAll('canvas').length).to.equal(1);
    });
  }

  it('keeps one besides that which runs, the newest', async () => {
    const element = await createSwitching();
    const each = workers.alive.size;
    await switchTo(element, 'colors');
    await switchTo(element, 'red');
    expect(workers.alive.size).to.equal(2 * each);
    expect((await switchTo(element, 'colors')).loaded).to.deep.equal([]);
    const back = await switchTo(element, 'green');
    expect(back).to.deep.equal({ mask: models.green.mask, loaded: ['green.onnx'] });
    element.remove();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(workers.alive.size).to.equal(0);
  });

  it('keeps what runs while another begins to load and is given up', async () => {
    const element = await createSwitching();
    element.model = models.colors.model;
    await element.updateComplete;
    element.model = models.red.model;
    await element.updateComplete;
    expect(await switchTo(element, 'green')).to.deep.equal({ mask: models.green.mask, loaded: [] });
  });

  it('keeps nothing on a device with little memory', async () => {
    Object.defineProperty(navigator, 'deviceMemory', { value: 2, configurable: true });
    try {
      const element = await createSwitching();
      const each = workers.alive.size;
      await switchTo(element, 'colors');
      expect(workers.alive.size).to.equal(each);
    } finally {
      delete (navigator as { deviceMemory?: number }).deviceMemory;
    }
  });

  it('keeps nothing on an iPhone', async () => {
    const restore = pretendIphone();
    try {
      const element = await createSwitching();
      const each = workers.alive.size;
      await switchTo(element, 'colors');
      expect(workers.alive.size).to.equal(each);
    } finally {
      restore();
    }
  });

  it('keeps nothing for longer than a minute', async () => {
    const { setTimeout } = window;
    let pass = (): void => {};
    window.setTimeout = ((handler: () => void, delayMs?: number) => {
      if (delayMs !== 60_000) return setTimeout(handler, delayMs);
      pass = handler;
      return 0;
    }) as typeof setTimeout;
    try {
      const element = await createSwitching();
      const each = workers.alive.size;
      await switchTo(element, 'colors');
      expect(workers.alive.size).to.equal(2 * each);
      pass();
      expect(workers.alive.size).to.equal(each);
      expect((await switchTo(element, 'green')).mask).to.deep.equal(models.green.mask);
    } finally {
      window.setTimeout = setTimeout;
    }
  });

  it('starts a model anew whose worker stopped meanwhile, and says nothing of it', async () => {
    const element = await createSwitching();
    const parked = [...workers.alive];
    await switchTo(element, 'colors');
    let errors = 0;
    element.addEventListener('void-error', () => errors++);
    for (const worker of parked) worker.dispatchEvent(new ErrorEvent('error'));
    expect((await switchTo(element, 'green')).mask).to.deep.equal(models.green.mask);
    expect(errors).to.equal(0);
  });

  it('gives no mask of the old model once another is chosen', async () => {
    const element = createElement({ backend: 'wasm', maskOutput: 'alpha', ...models.green });
    Object.assign(element, { src: clipUrl, muted: true, loop: true });
    await element.play();
    await nextEvent(element, 'void-mask');
    element.model = models.colors.model;
    await element.updateComplete;
    let masks = 0;
    element.addEventListener('void-mask', () => masks++);
    await nextEvent(element, 'void-ready');
    expect(masks).to.equal(0);
  });

  it('encodes what the last of several models shows', async () => {
    const element = await createSwitching({ effect: 'none' });
    await switchTo(element, 'colors');
    const ready = nextEvent(element, 'void-ready');
    element.model = models.green.model;
    await ready;
    const blob = element.toBlob();
    // It waits for a frame now, and no frame comes within microtasks.
    for (let i = 0; i < 20; i++) await Promise.resolve();
    element.model = models.colors.model;
    expect((await decode(await blob)).width).to.equal(readShown(element).width);
    expect(element.activeBackend).to.equal('wasm');
  });

  it('leaves what is in view until the next model shows something, if that may be seen', async () => {
    const element = await createSwitching({ effect: 'none' });
    await shows(element, [255, 255, 255]);
    const ready = nextEvent(element, 'void-ready').then(() => true);
    element.model = models.colors.model;
    await element.updateComplete;
    do {
      const alpha = pixelAt(readShown(element), 0.5, 0.5)[3];
      expect(alpha).to.equal(255);
    } while (!(await Promise.race([ready, new Promise(requestAnimationFrame).then(() => false)])));
  });

  it('shows nothing bare when the effect begins to hide it meanwhile', async () => {
    const element = await createSwitching({ effect: 'none' });
    await switchTo(element, 'colors');
    element.effect = 'cutout';
    const switched = switchTo(element, 'green').then(() => true);
    await element.updateComplete;
    do {
      expect(pixelAt(readShown(element), 1 / 6, 0.5)[3]).to.equal(0);
    } while (
      !(await Promise.race([switched, new Promise(requestAnimationFrame).then(() => false)]))
    );
    await shows(element, models.green.mask);
  });

  it('shows nothing bare when the effect begins to hide it before the next model has shown anything', async () => {
    const element = await createSwitching({ effect: 'none' });
    await shows(element, [255, 255, 255]);
    const ready = nextEvent(element, 'void-ready');
    element.model = models.colors.model;
    await ready;
    element.effect = 'cutout';
    await element.updateComplete;
    expect(pixelAt(readShown(element), 1 / 6, 0.5)[3]).to.equal(0);
    await shows(element, models.colors.mask);
  });

  it('forgets the picture behind the person that was taken away meanwhile', async () => {
    const picture = new OffscreenCanvas(8, 8);
    const context = picture.getContext('2d');
    if (context) context.fillStyle = '#ffffff';
    context?.fillRect(0, 0, 8, 8);
    const background = URL.createObjectURL(await picture.convertToBlob());
    const element = await createSwitching({ effect: 'replace', background });
    const red = (): number[] => pixelAt(readShown(element), 1 / 6, 0.5);
    while (red()[0] !== 255) await new Promise(requestAnimationFrame);
    await switchTo(element, 'colors');
    element.background = '#000080';
    await element.updateComplete;
    await switchTo(element, 'green');
    while (red()[3] !== 255) await new Promise(requestAnimationFrame);
    expect(red()).to.deep.equal([0, 0, 128, 255]);
    URL.revokeObjectURL(background);
  });
});
