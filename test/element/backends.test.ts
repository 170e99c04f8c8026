import { expect } from '@open-wc/testing';
import {
  createElement,
  createFigure,
  greenModel,
  nextEvent,
  removeElements,
  stateOf,
} from '../helpers/element.ts';

/** Lets the page take the software adapter of this browser for a real GPU. The worker still sees what it is. */
function pretendHardwareAdapter(): () => void {
  const { prototype } = GPUAdapterInfo;
  const original = Object.getOwnPropertyDescriptor(prototype, 'isFallbackAdapter');
  Object.defineProperty(prototype, 'isFallbackAdapter', { configurable: true, get: () => false });
  return () => {
    if (original) Object.defineProperty(prototype, 'isFallbackAdapter', original);
  };
}

function createCanvas(width: number, height: number): HTMLCanvasElement {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  canvas.getContext('2d')?.fillRect(0, 0, width, height);
  return canvas;
}

describe('backends', () => {
  afterEach(removeElements);

  it('takes WebAssembly by itself where the only GPU is a software one', async () => {
    const element = createElement({ model: greenModel, srcObject: await createFigure() });
    await stateOf(element, 'running');
    expect(element.activeBackend).to.equal('wasm');
  });

  it('goes on with the next backend by itself, and says so', async () => {
    const restore = pretendHardwareAdapter();
    try {
      const element = createElement({ model: greenModel });
      const change = nextEvent(element, 'void-backend-change');
      element.srcObject = await createFigure();
      const { from, to, reason } = await change;
      expect([from, to]).to.deep.equal(['webgpu', 'wasm']);
      expect(reason).to.not.equal('');
      await stateOf(element, 'running');
      expect(element.activeBackend).to.equal('wasm');
    } finally {
      restore();
    }
  });

  it('takes a software GPU when it is named, and changes to another backend in place', async () => {
    const element = createElement({
      backend: 'webgpu',
      model: greenModel,
      srcObject: await createFigure(),
    });
    await stateOf(element, 'running');
    expect(element.activeBackend).to.equal('webgpu');
    expect(element.getStats().renderer).to.equal('webgpu');
    const ready = nextEvent(element, 'void-ready');
    element.backend = 'wasm';
    expect((await ready).backend).to.equal('wasm');
    await stateOf(element, 'running');
    expect(element.getStats().renderer).to.equal('2d');
  });

  it('picks the built-in model by the shape of what moves, and the square one for stills', async () => {
    const element = createElement({ backend: 'wasm' });
    const wide = nextEvent(element, 'void-ready');
    element.srcObject = createCanvas(64, 36);
    expect((await wide).model).to.equal('selfie-landscape');
    const tall = nextEvent(element, 'void-ready');
    element.srcObject = createCanvas(36, 64);
    expect((await tall).model).to.equal('selfie');
    const wideAgain = nextEvent(element, 'void-ready');
    element.srcObject = createCanvas(64, 36);
    expect((await wideAgain).model).to.equal('selfie-landscape');
    const still = nextEvent(element, 'void-ready');
    element.srcObject = await createFigure(64, 36);
    expect((await still).model).to.equal('selfie');
  });

  it('looks for all its files under asset-base', async () => {
    const element = createElement({ backend: 'wasm', assetBase: '/nowhere', preload: 'model' });
    const { error } = await nextEvent(element, 'void-error');
    expect(error.code).to.equal('worker-failed');
    element.assetBase = '';
    await nextEvent(element, 'void-ready');
  });
});
