import { expect } from '@open-wc/testing';
import type { VoidSegmenterElement } from '../../src/index.ts';
import {
  createElement,
  createFigure,
  greenModel,
  removeElements,
  stateOf,
} from '../helpers/element.ts';

const options = { backend: 'wasm', model: greenModel } as const;

function find(element: VoidSegmenterElement, selector: string): HTMLElement {
  const found = element.renderRoot.querySelector<HTMLElement>(selector);
  if (!found) throw new Error(`There is no ${selector}.`);
  return found;
}

function createSlotted<K extends 'img' | 'p'>(
  element: VoidSegmenterElement,
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]>,
): HTMLElementTagNameMap[K] {
  const child = Object.assign(document.createElement(name), properties);
  element.append(child);
  return child;
}

async function createPictureUrl(): Promise<string> {
  const figure = await createFigure();
  const canvas = new OffscreenCanvas(figure.width, figure.height);
  canvas.getContext('2d')?.drawImage(figure, 0, 0);
  return URL.createObjectURL(await canvas.convertToBlob());
}

describe('accessibility', () => {
  afterEach(removeElements);

  it('is a picture by the name that the page gives it, also later', async () => {
    const element = createElement({ ...options, ariaLabel: 'Ada at her desk' });
    element.srcObject = await createFigure();
    await stateOf(element, 'running');
    const canvas = find(element, 'canvas');
    expect(canvas.role).to.equal('img');
    expect(canvas.ariaLabel).to.equal('Ada at her desk');
    element.setAttribute('aria-label', 'Ada waves');
    await element.updateComplete;
    expect(canvas.ariaLabel).to.equal('Ada waves');
    await expect(element).to.be.accessible();
  });

  it('is a picture by the name of the slotted one', async () => {
    const element = createElement(options);
    createSlotted(element, 'img', { src: await createPictureUrl(), alt: 'Ada' });
    await stateOf(element, 'running');
    await element.updateComplete;
    expect(find(element, 'canvas').ariaLabel).to.equal('Ada');
  });

  it('is decoration if the slotted picture is', async () => {
    const element = createElement(options);
    createSlotted(element, 'img', { src: await createPictureUrl(), alt: '' });
    await stateOf(element, 'running');
    await element.updateComplete;
    expect(find(element, 'canvas').role).to.equal('none');
  });

  it('reads out readiness in the words of the page, and shows nothing', async () => {
    const element = createElement(options);
    const ready = createSlotted(element, 'p', {
      slot: 'ready',
      textContent: 'The video is ready.',
    });
    await element.updateComplete;
    expect(ready.checkVisibility()).to.equal(false);
    element.srcObject = await createFigure();
    await stateOf(element, 'running');
    expect(ready.checkVisibility()).to.equal(true);
    const box = find(element, '#ready');
    expect(getComputedStyle(box).clipPath).to.equal('inset(50%)');
    expect(box.closest('[role=status]')).to.not.equal(null);
  });

  it('reads out failures in the words of the page', async () => {
    const element = createElement({ ...options, src: '/no-such-video.webm' });
    const fallback = createSlotted(element, 'p', { slot: 'fallback', textContent: 'No video.' });
    await stateOf(element, 'failed');
    expect(fallback.checkVisibility()).to.equal(true);
    expect(find(element, '#fallback').closest('[role=status]')).to.not.equal(null);
    await expect(element).to.be.accessible();
  });
});
