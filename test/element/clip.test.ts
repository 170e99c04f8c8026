import { expect } from '@open-wc/testing';
import { expectCutOut } from '../helpers/clip.ts';
import { clipUrl, createElement, removeElements, stateOf } from '../helpers/element.ts';

describe('a real clip', () => {
  afterEach(removeElements);

  it('leaves the person and takes the room away, on WebAssembly', async () => {
    await expectCutOut(createElement({ backend: 'wasm', src: clipUrl }));
  });

  it('leaves the person and takes the room away, on WebGPU', async () => {
    await expectCutOut(createElement({ backend: 'webgpu', src: clipUrl }));
  });

  it('agrees between WebGPU and WebAssembly', async () => {
    const source = await fetch(clipUrl).then((response) => response.blob());
    const masks = [];
    for (const backend of ['wasm', 'webgpu'] as const) {
      const element = createElement({ backend, srcObject: source, model: 'selfie' });
      await stateOf(element, 'paused');
      masks.push(await element.segment(undefined, { output: 'float', size: 'model' }));
      element.remove();
    }
    const [cpu, gpu] = masks.map((mask) => mask.data);
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
