import { expect } from '@open-wc/testing';
import type { Backend, Mask } from '../../src/index.ts';
import { expectCutOut } from '../helpers/clip.ts';
import { clipUrl, createElement, removeElements } from '../helpers/element.ts';

describe('a real clip', () => {
  /** Of the clip's first frame. */
  const masks = new Map<Backend, Mask>();

  afterEach(removeElements);

  for (const backend of ['wasm', 'webgpu'] as const) {
    it(`leaves the person and takes the room away on ${backend}`, async function () {
      // A real model takes a GPU in software seconds for each run.
      this.timeout(180_000);
      const element = createElement({ backend, src: clipUrl });
      await expectCutOut(element);
      masks.set(backend, await element.segment(undefined, { output: 'float', size: 'model' }));
    });
  }

  it('agrees between WebGPU and WebAssembly', () => {
    const [cpu, gpu] = [masks.get('wasm')?.data, masks.get('webgpu')?.data];
    if (!cpu || !gpu) throw new Error('no masks');
    let [intersection, union, sum] = [0, 0, 0];
    for (let i = 0; i < cpu.length; i++) {
      const [a = 0, b = 0] = [cpu[i], gpu[i]];
      if (a > 0.5 && b > 0.5) intersection++;
      if (a > 0.5 || b > 0.5) union++;
      sum += Math.abs(a - b);
    }
    // The two paths downscale 400x300 differently (area filter and 2D canvas), which moves the edge a little.
    expect(intersection / union).to.be.greaterThan(0.99);
    expect(sum / cpu.length).to.be.lessThan(0.01);
  });
});
