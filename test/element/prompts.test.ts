/**
 * A promptable model, as a page sees it. The toy one selects what has the colour of the points, or what is in the box; the first row of
 * its masks is random and another after each run of its encoder.
 */
import { expect } from '@open-wc/testing';
import {
  Segmenter,
  type Mask,
  type Prompt,
  type SegmenterError,
  type VoidSegmenterElement,
} from '../../src/index.ts';
import {
  createElement,
  greenModel,
  nextEvent,
  removeElements,
  stateOf,
} from '../helpers/element.ts';
import { rejectionOf } from '../helpers/promises.ts';

const colorPicker = '/test/assets/models/color-picker.json';
const red = { x: 16, y: 32 };
const green = { x: 48, y: 32 };
const blue = { x: 80, y: 32 };

/** Red, green and blue from left to right, 96x64. `edge` is how far the green one reaches, in pixels. */
function createFlag(edge = 64): Promise<ImageBitmap> {
  const canvas = new OffscreenCanvas(96, 64);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2D context');
  for (const [color, from, to] of [
    ['#f00000', 0, 32],
    ['#00f000', 32, edge],
    ['#0000f0', edge, 96],
  ] as const) {
    context.fillStyle = color;
    context.fillRect(from, 0, to - from, 64);
  }
  return createImageBitmap(canvas);
}

function createPicker(properties: Partial<VoidSegmenterElement>): VoidSegmenterElement {
  return createElement({
    backend: 'wasm',
    model: colorPicker,
    maskOutput: 'alpha',
    maskSize: 'model',
    noRefine: true,
    smoothing: 0,
    ...properties,
  });
}

async function nextMask(element: HTMLElement): Promise<Mask> {
  return (await nextEvent(element, 'void-mask')).mask;
}

/** The mask after a change of prompts. */
function prompted(element: VoidSegmenterElement, prompts: readonly Prompt[]): Promise<Mask> {
  const mask = nextMask(element);
  element.prompts = prompts;
  return mask;
}

/** Values in the middle of each third. */
function probe({ data, width, height }: Mask): number[] {
  const row = Math.floor(height / 2) * width;
  return [1, 3, 5].map((sixths) => data?.[row + Math.floor((sixths * width) / 6)] ?? NaN);
}

/** What tells one run of the encoder from another. */
function signatureOf({ data, width }: Mask): number[] {
  return [...(data?.subarray(0, width) ?? [])];
}

/** What is selected: first column and row, and those after the last, of the mask; the first row aside. */
function boundsOf({ data, width, height }: Mask): number[] {
  const columns: number[] = [];
  const rows: number[] = [];
  for (let i = width; i < width * height; i++) {
    if ((data?.[i] ?? 0) < 128) continue;
    columns.push(i % width);
    rows.push(Math.floor(i / width));
  }
  return [Math.min(...columns), Math.min(...rows), Math.max(...columns) + 1, Math.max(...rows) + 1];
}

describe('prompts', () => {
  afterEach(removeElements);

  it('select what is at the point, and move with it without another run of the encoder', async () => {
    const element = createPicker({ prompts: [green] });
    const event = nextMask(element);
    element.srcObject = await createFlag();
    const first = await event;
    expect([first.width, first.height]).to.deep.equal([48, 32]);
    expect(probe(first)).to.deep.equal([0, 255, 0]);
    const second = await prompted(element, [blue]);
    expect(probe(second)).to.deep.equal([0, 0, 255]);
    expect(signatureOf(second)).to.deep.equal(signatureOf(first));
    const next = nextMask(element);
    element.srcObject = await createFlag(60);
    const third = await next;
    expect(probe(third)).to.deep.equal([0, 0, 255]);
    expect(signatureOf(third)).not.to.deep.equal(signatureOf(first));
  });

  it('add up, and take away with label 0', async () => {
    const element = createPicker({ srcObject: await createFlag() });
    await nextMask(element);
    for (const [prompts, expected] of [
      [
        [red, blue],
        [255, 0, 255],
      ],
      [
        [
          { x: 0, y: 0, width: 96, height: 64 },
          { ...green, label: 0 },
        ],
        [255, 0, 255],
      ],
    ] as const) {
      expect(probe(await prompted(element, prompts))).to.deep.equal(expected);
    }
  });

  it('take a box in pixels of the source', async () => {
    const element = createPicker({ srcObject: await createFlag() });
    await nextMask(element);
    const mask = await prompted(element, [{ x: 24, y: 10, width: 40, height: 44 }]);
    expect(boundsOf(mask)).to.deep.equal([12, 5, 32, 27]);
    const other = await prompted(element, [new DOMRect(60, 20, 30, 10)]);
    expect(boundsOf(other)).to.deep.equal([30, 10, 45, 15]);
  });

  it('select nothing where there are none, and run no encoder for that', async () => {
    const element = createPicker({ srcObject: await createFlag() });
    const mask = await nextMask(element);
    expect(new Set(mask.data)).to.deep.equal(new Set([0]));
    expect(new Set((await prompted(element, [green])).data)).to.include(255);
    const frameworks = await prompted(element, undefined as unknown as Prompt[]);
    expect(new Set(frameworks.data)).to.deep.equal(new Set([0]));
  });

  it('are of the picture given to segment(), not of the one that is shown', async () => {
    const element = createPicker({ srcObject: await createFlag(), prompts: [green] });
    await nextMask(element);
    const other = await createFlag(50);
    const options = { size: 'model' } as const;
    expect(probe(await element.segment(undefined, options))).to.deep.equal([0, 255, 0]);
    expect(probe(await element.segment(other, options))).to.deep.equal([0, 0, 0]);
    const prompts = [red];
    expect(probe(await element.segment(other, { ...options, prompts }))).to.deep.equal([255, 0, 0]);
  });

  it('may be reactive objects of a framework, which no worker takes', async () => {
    const element = createPicker({ srcObject: await createFlag() });
    await nextMask(element);
    const mask = await prompted(element, new Proxy([new Proxy(green, {})], {}));
    expect(probe(mask)).to.deep.equal([0, 255, 0]);
  });

  it('are refused where they are none, and those before stay', async () => {
    const element = createPicker({ srcObject: await createFlag(), prompts: [green] });
    await nextMask(element);
    const told = nextEvent(element, 'void-error');
    element.prompts = green as unknown as Prompt[];
    const { error } = await told;
    expect([error.code, error.fatal]).to.deep.equal(['option-invalid', false]);
    const mask = nextMask(element);
    element.maskOutput = 'float';
    expect(probe(await mask).map(Math.round)).to.deep.equal([0, 1, 0]);
  });

  it('are refused by a model that takes none, which goes on', async () => {
    const element = createElement({
      backend: 'wasm',
      model: greenModel,
      srcObject: await createFlag(),
    });
    await stateOf(element, 'running');
    const errors: SegmenterError[] = [];
    element.addEventListener('void-error', ({ error }) => errors.push(error));
    const told = nextEvent(element, 'void-error');
    element.prompts = [green];
    await told;
    element.prompts = [];
    expect(probe(await element.segment())).to.deep.equal([0, 255, 0]);
    expect(errors.map(({ code, fatal }) => [code, fatal])).to.deep.equal([
      ['option-invalid', false],
    ]);
    expect(errors[0]?.message).to.contain('the model green takes none');
  });

  it('are for WebAssembly alone: a named WebGPU says so', async () => {
    const error = await rejectionOf(Segmenter.create({ model: colorPicker, backend: 'webgpu' }));
    expect((error as SegmenterError).code).to.equal('model-unsupported');
    expect((error as SegmenterError).message).to.contain('backend="auto" or "wasm"');
  });
});
