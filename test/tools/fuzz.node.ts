/** A short run of `npm run test:fuzz`. What it finds is told with the seed and the number of the case, by which that command makes it again. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { fuzzParsers } from '../fuzz/fuzz-parsers.ts';

const count = 1000;

describe('readers of models and manifests', () => {
  it('end broken files in an error of theirs, or accept them', async () => {
    const { tally, failures } = await fuzzParsers(1, 0, count);
    assert.deepEqual(failures, []);
    assert.equal(tally.total, count);
  });
});
