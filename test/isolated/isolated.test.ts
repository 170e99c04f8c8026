/** What cross-origin isolation changes is that `test/element/clip.test.ts`, which runs here too, has threads. */
import { expect } from '@open-wc/testing';

describe('a cross-origin isolated page', () => {
  it('has shared memory', () => {
    expect(crossOriginIsolated).to.equal(true);
    expect(typeof SharedArrayBuffer).to.equal('function');
  });
});
