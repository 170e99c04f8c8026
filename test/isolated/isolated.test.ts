import { expect } from '@open-wc/testing';
import { expectCutOut } from '../helpers/clip.ts';
import { clipUrl, createElement, removeElements } from '../helpers/element.ts';

describe('on a cross-origin isolated page', () => {
  afterEach(removeElements);

  it('has shared memory', () => {
    expect(crossOriginIsolated).to.equal(true);
    expect(typeof SharedArrayBuffer).to.equal('function');
  });

  it('leaves the person and takes the room away, on WebAssembly', async () => {
    await expectCutOut(createElement({ backend: 'wasm', src: clipUrl }));
  });
});
