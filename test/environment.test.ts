import { expect } from '@open-wc/testing';

describe('the test browser', () => {
  it('has a WebGPU adapter, without which the WebGPU tests would prove nothing', async () => {
    expect(await navigator.gpu.requestAdapter()).to.not.equal(null);
  });
});
