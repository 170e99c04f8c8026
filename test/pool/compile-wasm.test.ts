import { expect } from '@open-wc/testing';

import { compileWasm } from '../../src/pool/compile-wasm.ts';

const never = new AbortController().signal;
const ortUrl = '/node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm';

describe('compileWasm', () => {
  it('compiles the file', async () => {
    const module = await compileWasm(new URL(ortUrl, location.href).href, never);
    expect(module).to.be.instanceOf(WebAssembly.Module);
  });

  for (const [what, url] of [
    ['no URL', ''],
    ['a file that is not there', '/missing.wasm'],
    ['an HTML page', '/test/assets/models/html.onnx'],
  ] as const) {
    it(`leaves ${what} to the worker`, async () => {
      const absolute = url && new URL(url, location.href).href;
      expect(await compileWasm(absolute, never)).to.equal(null);
    });
  }
});
