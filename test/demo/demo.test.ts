import { expect } from '@open-wc/testing';
import { formatProgress } from '../../demo/event-text.ts';
import { flowAround } from '../../demo/flow-around.ts';
import { pickByPoint } from '../../demo/pick.ts';
import { highlightHtml } from '../../demo/highlight.ts';
import { LogEntries } from '../../demo/log-entries.ts';
import { defaultSettings, readSettings } from '../../demo/settings.ts';
import { writeSnippet, type SnippetSource } from '../../demo/snippet.ts';
import { findWayOut } from '../../demo/way-out.ts';
import { MaskEvent, VoidSegmenterElement, type Mask } from '../../src/index.ts';
import {
  createElement,
  createFigure,
  greenModel,
  nextEvent,
  removeElements,
} from '../helpers/element.ts';

const clip: SnippetSource = { kind: 'video', url: '/clip.webm' };

/** What a browser makes of a snippet. */
function parseSnippet(snippet: string): Record<string, string> {
  const parsed = new DOMParser().parseFromString(snippet, 'text/html');
  const element = parsed.querySelector('void-segmenter');
  const attributes = [...(element?.attributes ?? [])];
  return Object.fromEntries(attributes.map(({ name, value }) => [name, value]));
}

function createFields(values: Record<string, string>): FormData {
  const fields = new FormData();
  for (const [name, value] of Object.entries(values)) fields.set(name, value);
  return fields;
}

function createWall(): Promise<ImageBitmap> {
  const canvas = new OffscreenCanvas(64, 48);
  canvas.getContext('2d')?.fillRect(0, 0, 64, 48);
  return createImageBitmap(canvas);
}

describe('the snippet of the demo', () => {
  it('says nothing that is the default anyway', () => {
    expect(parseSnippet(writeSnippet(clip, defaultSettings))).to.deep.equal({
      src: '/clip.webm',
      autoplay: '',
      muted: '',
      loop: '',
    });
  });

  it('says all that differs', () => {
    const snippet = writeSnippet(
      { kind: 'camera' },
      {
        effect: 'blur',
        blurRadius: 20,
        background: 'red',
        backend: 'wasm',
        maskOutput: 'alpha',
        maskSize: 'model',
        maxFps: 15,
        smoothing: 0.2,
        noRefine: true,
      },
    );
    expect(parseSnippet(snippet)).to.deep.equal({
      camera: '',
      autoplay: '',
      muted: '',
      effect: 'blur',
      'blur-radius': '20',
      backend: 'wasm',
      'mask-output': 'alpha',
      'mask-size': 'model',
      'max-fps': '15',
      smoothing: '0.2',
      'no-refine': '',
    });
  });

  it('leaves out what has no say in what is shown', () => {
    const snippet = writeSnippet(clip, {
      ...defaultSettings,
      blurRadius: 30,
      background: 'red',
      maskSize: 'model',
    });
    expect(parseSnippet(snippet)).to.have.all.keys('src', 'autoplay', 'muted', 'loop');
  });

  it('does not play a picture', () => {
    const snippet = writeSnippet({ kind: 'image', url: 'me.png' }, defaultSettings);
    expect(parseSnippet(snippet)).to.deep.equal({ src: 'me.png' });
  });

  it('survives names that look like HTML', () => {
    const url = `"><script>alert('&amp;')</script>.webm`;
    const snippet = writeSnippet({ kind: 'video', url }, defaultSettings);
    expect(parseSnippet(snippet)['src']).to.equal(url);
  });

  it('loads the element', () => {
    expect(writeSnippet(clip, defaultSettings)).to.match(/^<script type="module" src="[^"]+">/);
  });
});

describe('the settings of the demo', () => {
  it('have the defaults of the element', () => {
    const element = new VoidSegmenterElement();
    for (const [name, value] of Object.entries(defaultSettings)) {
      expect(element[name as keyof typeof defaultSettings], name).to.equal(value);
    }
  });

  it('are the defaults where the form says nothing', () => {
    expect(readSettings(new FormData())).to.deep.equal(defaultSettings);
  });

  it('take the colour only if that is the background', () => {
    const color = '#ff0000';
    expect(readSettings(createFields({ background: 'color', color })).background).to.equal(color);
    const background = 'dunes.svg';
    expect(readSettings(createFields({ background, color })).background).to.equal(background);
  });
});

describe('the event log of the demo', () => {
  it('has the newest first and forgets the oldest', () => {
    const log = new LogEntries(2);
    for (const detail of ['a', 'b', 'c']) log.add('void-ready', detail, 0);
    expect(log.entries.map(({ detail }) => detail)).to.deep.equal(['c', 'b']);
  });

  it('counts what comes again and again', () => {
    const log = new LogEntries(5);
    log.add('void-progress', 'selfie.onnx 1 of 2', 10, 'selfie.onnx');
    log.add('void-progress', 'selfie.onnx 2 of 2', 20, 'selfie.onnx');
    expect(log.entries).to.deep.equal([
      { name: 'void-progress', detail: 'selfie.onnx 2 of 2', atMs: 20, count: 2 },
    ]);
  });

  it('says how much is loaded, as far as that is known', () => {
    expect(formatProgress(123_456, 0)).to.equal('123 kB');
    expect(formatProgress(500_000, 2_500_000)).to.equal('500 kB of 2.5 MB');
  });
});

describe('the text around the person', () => {
  afterEach(removeElements);

  it('keeps clear of the figure and takes the room of the wall', async () => {
    const element = createElement({ model: greenModel, backend: 'wasm', maskOutput: 'contour' });
    element.style.cssText = 'float: left; width: 400px; height: 300px; margin: 0 60px 0 -40px';
    flowAround(element);
    const text = document.createElement('p');
    text.style.cssText = 'width: 600px; margin: 0; font: 20px/25px monospace';
    text.textContent = 'm '.repeat(400);
    element.after(text);
    const masked = nextEvent(element, 'void-mask');
    element.srcObject = await createFigure(80, 60);
    await masked;

    const range = document.createRange();
    range.selectNodeContents(text);
    const box = element.getBoundingClientRect();
    const lines = [...range.getClientRects()].map(({ left, top, height }) => ({
      left: left - box.left,
      middle: top + height / 2 - box.top,
    }));
    text.remove();
    // The figure is 100..300 x 75..225 of the element's 400 x 300; the text begins 40 to the right of the element.
    const beside = lines.filter(({ middle }) => middle > 85 && middle < 215);
    const above = lines.filter(({ middle }) => middle < 60);
    expect(beside).to.have.length.above(3);
    expect(above).to.have.length.above(1);
    for (const { left } of beside) expect(left).to.be.closeTo(300, 8);
    for (const { left } of above) expect(left).to.be.closeTo(40, 1);
  });

  it('goes around the whole picture where nobody is', async () => {
    const element = createElement({ model: greenModel, backend: 'wasm', maskOutput: 'contour' });
    flowAround(element);
    for (const [isFigure, expected] of [
      [true, /^polygon\(/],
      [false, /^none$/],
    ] as const) {
      const masked = nextEvent(element, 'void-mask');
      element.srcObject = isFigure ? await createFigure() : await createWall();
      await masked;
      expect(getComputedStyle(element).shapeOutside).to.match(expected);
    }
  });
});

describe('picking by a click', () => {
  afterEach(removeElements);

  function createSlider(): HTMLInputElement {
    return Object.assign(document.createElement('input'), { type: 'range', step: 'any' });
  }

  /** Values inside of the figure and beside it. */
  function probe({ data, width, height }: Mask): (number | undefined)[] {
    const row = Math.floor(height / 2) * width;
    return [data?.[row + Math.floor(width / 2)], data?.[row + Math.floor(width / 16)]];
  }

  it('cuts out what is there, by the sliders as well', async () => {
    const element = createElement({
      model: '/test/assets/models/color-picker.json',
      backend: 'wasm',
      maskOutput: 'alpha',
      noRefine: true,
    });
    element.style.cssText = 'display: block; width: 320px; height: 240px';
    const sliders = { across: createSlider(), down: createSlider() };
    pickByPoint(element, sliders, { width: 64, height: 48 });
    const shown = nextEvent(element, 'void-mask');
    element.srcObject = await createFigure();
    await shown;

    const clicked = nextEvent(element, 'void-mask');
    const { left, top } = element.getBoundingClientRect();
    element.dispatchEvent(new MouseEvent('click', { clientX: left + 20, clientY: top + 120 }));
    expect(probe((await clicked).mask)).to.deep.equal([0, 255]);

    const moved = nextEvent(element, 'void-mask');
    sliders.across.value = '50';
    sliders.across.dispatchEvent(new Event('input'));
    expect(probe((await moved).mask)).to.deep.equal([255, 0]);
  });
});

describe('the code of the demo', () => {
  it('is what the page shows of the text around the person', async () => {
    const page = await (await fetch('/demo/index.html')).text();
    const shown = new DOMParser().parseFromString(page, 'text/html').querySelector('.around-code');
    const script = shown?.querySelector('code')?.textContent ?? '';
    // As a page would run it.
    const module = new Blob([`export function run(el) { ${script} }`], { type: 'text/javascript' });
    const { run } = (await import(URL.createObjectURL(module))) as {
      run: (el: HTMLElement) => void;
    };
    const [ours, theirs] = [new VoidSegmenterElement(), new VoidSegmenterElement()];
    flowAround(ours);
    run(theirs);
    const points = [Float32Array.of(10, 0, 30, 0, 30, 20.5, 10, 20)];
    const mask = { points, width: 40, height: 40 } as unknown as Mask;
    for (const element of [ours, theirs]) element.dispatchEvent(new MaskEvent(mask));
    expect(ours.style.shapeOutside).to.match(/^polygon\(25% 0/);
    expect(theirs.style.shapeOutside).to.equal(ours.style.shapeOutside);
  });

  it('is coloured and otherwise unchanged', () => {
    const code = '<a b="<i>">x</a>\n';
    const fragment = highlightHtml(code);
    expect(fragment.textContent).to.equal(code);
    expect(fragment.querySelector('.code-string')?.textContent).to.equal('"<i>"');
    expect(fragment.querySelector('i')).to.equal(null);
  });
});

describe('errors in the demo', () => {
  it('all have a way out', () => {
    for (const code of ['camera-denied', 'backend-unavailable', 'worker-blocked'] as const) {
      const { hint, label } = findWayOut(code);
      expect(hint).not.to.equal('');
      expect(label).not.to.equal('');
    }
  });
});
