import { expect } from '@open-wc/testing';

/** Tests that find no GPU would pass by doing nothing: here such a run fails. */
describe('the browser of this run', () => {
  it('has a WebGPU adapter', async () => {
    expect(await navigator.gpu.requestAdapter()).to.not.equal(null);
  });

  it('is not cross-origin isolated', () => {
    expect(crossOriginIsolated).to.equal(false);
  });
});
