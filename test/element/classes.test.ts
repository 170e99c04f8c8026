/** Models that tell several classes, as a page sees them. The toy ones tell red, green and blue. */
import { expect } from '@open-wc/testing';
import {
  Segmenter,
  type Mask,
  type SegmenterError,
  type VoidSegmenterElement,
} from '../../src/index.ts';
import {
  createElement,
  createFlag,
  greenModel,
  nextEvent,
  pixelAt,
  probeFlag,
  readPixels,
  removeElements,
  removeElementsBut,
  stateOf,
} from '../helpers/element.ts';
import { codeOf, messageOf } from '../helpers/promises.ts';

const otherForms = ['colors-planar', 'colors-softmax', 'colors-softmax-planar'] as const;
const classes = ['background', 'leaf', 'sky'];

function urlOf(name: string): string {
  return `/test/assets/models/${name}.json`;
}

async function firstMask(element: HTMLElement): Promise<Mask> {
  return (await nextEvent(element, 'void-mask')).mask;
}

async function firstError(element: HTMLElement): Promise<SegmenterError> {
  return (await nextEvent(element, 'void-error')).error;
}

for (const backend of ['wasm', 'webgpu'] as const) {
  describe(`classes on ${backend}`, () => {
    // Of all tests that need none of their own: it takes longer to start than to give a mask.
    let running: VoidSegmenterElement;

    before(async () => {
      running = createElement({ backend, model: urlOf('colors'), srcObject: await createFlag() });
      await stateOf(running, 'running');
    });

    afterEach(() => {
      removeElementsBut(running);
      // So that the next choice is a new one.
      Object.assign(running, { classes: [], maskOutput: 'none', maskSize: 'source' });
    });

    after(removeElements);

    async function expectClasses(element: VoidSegmenterElement, mask: Mask): Promise<void> {
      expect([mask.width, mask.height, mask.format]).to.deep.equal([96, 48, 'categories']);
      expect(mask.data).to.be.instanceOf(Uint8Array);
      expect(mask.classes).to.deep.equal(classes);
      expect(probeFlag(mask)).to.deep.equal([0, 1, 2]);
      const next = firstMask(element);
      element.maskOutput = 'alpha';
      expect(probeFlag(await next)).to.deep.equal([0, 255, 255]);
    }

    it('carries the classes of colors, and takes all but the background for foreground', async () => {
      const event = firstMask(running);
      running.maskOutput = 'categories';
      await expectClasses(running, await event);
    });

    for (const name of otherForms) {
      it(`carries the classes of ${name}, and takes all but the background for foreground`, async () => {
        const element = createElement({ backend, model: urlOf(name), maskOutput: 'categories' });
        const event = firstMask(element);
        element.srcObject = await createFlag();
        await expectClasses(element, await event);
      });
    }

    it('is read from the attribute, and tells the same categories whatever is foreground', async () => {
      running.setAttribute('classes', 'sky');
      const event = firstMask(running);
      running.maskOutput = 'categories';
      expect(probeFlag(await event)).to.deep.equal([0, 1, 2]);
      const next = firstMask(running);
      running.maskOutput = 'alpha';
      expect(probeFlag(await next)).to.deep.equal([0, 0, 255]);
    });

    it('applies each new choice to the picture that is shown', async () => {
      const first = firstMask(running);
      running.maskOutput = 'alpha';
      await first;
      for (const [chosen, alpha] of [
        ['sky', [0, 0, 255]],
        [' leaf,\n background ', [255, 255, 0]],
        ['2', [0, 0, 255]],
        [
          ['leaf', 2],
          [0, 255, 255],
        ],
        ['leaf', [0, 255, 0]],
        [[], [0, 255, 255]],
      ] as const) {
        const event = firstMask(running);
        running.classes = chosen;
        expect(probeFlag(await event), JSON.stringify(chosen)).to.deep.equal(alpha);
        const shown = await readPixels(running);
        const shares = [1 / 6, 1 / 2, 5 / 6];
        expect(shares.map((x) => pixelAt(shown, x, 0.5)[3])).to.deep.equal(alpha);
      }
    });

    it('has every pixel of the map be one of the classes, also where it is asked for later', async () => {
      const event = firstMask(running);
      Object.assign(running, { maskSize: 'model', maskOutput: 'categories' });
      const { width, height, data } = await event;
      expect([width, height]).to.deep.equal([48, 32]);
      const row = (index: number): number[] => Array.from<number>({ length: 16 }).fill(index);
      for (let y = 0; y < height; y++) {
        expect([...(data?.subarray(y * width, (y + 1) * width) ?? [])]).to.deep.equal([
          ...row(0),
          ...row(1),
          ...row(2),
        ]);
      }
    });

    it('turns a mask of two classes round for the background, and not its categories', async () => {
      const element = createElement({ backend, model: greenModel });
      element.classes = 'background';
      const flag = await createFlag();
      const alpha = await element.segment(flag);
      const categories = await element.segment(flag, { output: 'categories' });
      expect([probeFlag(alpha), probeFlag(categories)]).to.deep.equal([
        [255, 0, 255],
        [0, 1, 0],
      ]);
    });

    it('applies the sigmoid that a model leaves out', async () => {
      const element = createElement({ backend, model: urlOf('green-logit') });
      const flag = await createFlag();
      expect(probeFlag(await element.segment(flag))).to.deep.equal([0, 255, 0]);
      const categories = await element.segment(flag, { output: 'categories' });
      expect(probeFlag(categories)).to.deep.equal([0, 1, 0]);
    });

    it('segments pictures by classes of their own, else by those of the element', async () => {
      running.classes = 'leaf';
      const flag = await createFlag();
      const masks = await Promise.all([
        running.segment(flag),
        running.segment(flag, { classes: ['sky'] }),
        running.segment(flag, { classes: '' }),
        running.segment(flag, { output: 'categories' }),
      ]);
      expect(masks.map(probeFlag)).to.deep.equal([
        [0, 255, 0],
        [0, 0, 255],
        [0, 255, 255],
        [0, 1, 2],
      ]);
      expect(await codeOf(running.segment(flag, { classes: [3] }))).to.equal('option-invalid');
      expect(running.state).to.not.equal('failed');
    });

    it('tells of a class that the model has not, when it comes and later, and keeps the last good choice', async () => {
      const element = createElement({
        backend,
        model: urlOf('colors'),
        maskOutput: 'alpha',
        classes: 'hair',
      });
      const errors: SegmenterError[] = [];
      element.addEventListener('void-error', ({ error }) => errors.push(error));
      const [told, first] = [firstError(element), firstMask(element)];
      element.srcObject = await createFlag();
      expect((await told).code).to.equal('option-invalid');
      expect(probeFlag(await first)).to.deep.equal([0, 255, 255]);

      const chosen = firstMask(element);
      element.classes = 'sky';
      await chosen;
      const toldAgain = firstError(element);
      element.classes = 'hair';
      const error = await toldAgain;
      expect([error.code, error.fatal, element.state]).to.deep.equal([
        'option-invalid',
        false,
        'running',
      ]);
      expect(error.message).to.equal(
        'classes="hair": the model has no class "hair". Its classes are "background" (0), "leaf" (1), "sky" (2).',
      );
      const event = firstMask(element);
      element.maskSize = 'model';
      expect(probeFlag(await event)).to.deep.equal([0, 0, 255]);
      expect(errors, 'told once each time').to.have.length(2);
    });
  });
}

describe('classes on WebGL2', () => {
  it('are told and cut out', async () => {
    const segmenter = await Segmenter.create({
      backend: 'wasm',
      renderer: 'webgl2',
      model: urlOf('colors'),
    });
    try {
      expect(segmenter.renderer).to.equal('webgl2');
      const flag = await createFlag();
      const masks = await Promise.all([
        segmenter.segment(flag, { output: 'categories' }),
        segmenter.segment(flag, { classes: 'leaf' }),
        segmenter.segment(flag),
      ]);
      expect(masks.map(probeFlag)).to.deep.equal([
        [0, 1, 2],
        [0, 255, 0],
        [0, 255, 255],
      ]);
    } finally {
      segmenter.dispose();
    }
  });
});

describe('a model of several classes', () => {
  it('is refused where nothing tells its classes, which are then told by the page', async () => {
    const file = await (await fetch('/test/assets/models/colors.onnx')).blob();
    const options = { backend: 'wasm', model: URL.createObjectURL(file) } as const;
    const call = Segmenter.create(options);
    expect(await codeOf(call)).to.equal('model-unsupported');
    expect(await messageOf(call)).to.match(
      /Missing: "input.range" .*"output.kind" .*"output.classes" .*"name": "classes"/s,
    );
    const segmenter = await Segmenter.create({
      ...options,
      modelOptions: {
        input: { range: [0, 1] },
        output: { kind: 'logits', classes: ['soil', 'leaf', 'sky'] },
      },
    });
    try {
      const mask = await segmenter.segment(await createFlag(), { classes: 'leaf' });
      expect([probeFlag(mask), mask.classes]).to.deep.equal([
        [0, 255, 0],
        ['soil', 'leaf', 'sky'],
      ]);
    } finally {
      segmenter.dispose();
      URL.revokeObjectURL(options.model);
    }
  });

  it('is refused with a manifest that names other classes', async () => {
    const model = '/test/helpers/manifests/too-few-classes.json';
    const call = Segmenter.create({ backend: 'wasm', model });
    expect(await codeOf(call)).to.equal('model-unsupported');
    expect(await messageOf(call)).to.include(
      'gives "classes" float32 [1, 32, 48, 3]: 3 channels, but logits of 2 classes (background, leaf) has 1 or 2',
    );
  });
});
