import { expect } from '@open-wc/testing';
import { InferencePool } from '../../src/pool/inference-pool.ts';
import { createEndlessModel } from '../fuzz/absurd-models.ts';
import { plainFacts } from '../fuzz/engine-cases.ts';
import { fuzz } from '../fuzz/engine-page.ts';
import { codeOf } from '../helpers/promises.ts';

describe('bad models', () => {
  it('end in a mask or an error that says what is wrong with them, and the element takes a good one then', async () => {
    // The last of them goes through a whole element.
    const { failures } = await fuzz(1, 70, 100);
    expect(failures).to.deep.equal([]);
  });

  it('gives up a model that does not end', async () => {
    const url = URL.createObjectURL(new Blob([createEndlessModel()]));
    const pool = new InferencePool(
      {
        model: { url, fileUrl: '', integrity: '', options: plainFacts },
        assetBase: '',
        assets: { wasmUrl: '' },
        wasm: Promise.resolve({ module: null }),
        threads: 1,
        openingLimitMs: 2000,
      },
      new AbortController().signal,
    );
    expect(await codeOf(pool.start(() => {}))).to.equal('worker-failed');
    pool.terminate();
    URL.revokeObjectURL(url);
  });
});
