import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';

import { matchesGolden, paintGolden, summarizeMask } from '../../src/inference/golden.ts';
import type { Golden } from '../../src/inference/golden.ts';
import { parseManifest } from '../../src/inference/manifest.ts';

async function readGolden(model: string): Promise<Golden> {
  const text = await readFile(new URL(`../../models/${model}.json`, import.meta.url), 'utf8');
  const { golden } = parseManifest(JSON.parse(text));
  if (!golden) throw new Error('no golden');
  return golden;
}

/** A mask of one pixel a cell that summarizes to exactly the golden. */
function createMask({ values }: Golden): Float32Array {
  return Float32Array.from(values, (level) => level / 255);
}

describe('paintGolden', () => {
  it('paints the same bytes everywhere', () => {
    // Changes with the painting; the manifests' goldens are then out of date too: "npm run models".
    const hash = createHash('sha256').update(paintGolden(256, 144)).digest('hex');
    assert.equal(hash, 'a0cc3c68714d334a94ea5f6919707b56977701393f1e271c048c60d5735153d0');
  });

  it('paints opaque pixels at any size', () => {
    for (const [width, height] of [
      [1, 1],
      [64, 36],
      [5, 300],
    ] as const) {
      const pixels = paintGolden(width, height);
      assert.equal(pixels.length, width * height * 4);
      assert.ok(pixels.every((level, index) => index % 4 !== 3 || level === 255));
    }
  });
});

describe('summarizeMask', () => {
  it('gives the mean of each cell', () => {
    const mask = Float32Array.of(0, 1, 0.5, 0.5, 1, 1, 0, 0.2);
    assert.deepEqual(summarizeMask(mask, 4, 2, 2, 1), Uint8Array.of(191, 77));
  });

  it('splits sizes that do not divide evenly', () => {
    assert.deepEqual(summarizeMask(Float32Array.of(1, 1, 0), 3, 1, 2, 1), Uint8Array.of(255, 0));
  });

  it('keeps within 0 to 255', () => {
    const mask = Float32Array.of(7, -7, NaN);
    assert.deepEqual(summarizeMask(mask, 3, 1, 3, 1), Uint8Array.of(255, 0, 0));
  });
});

describe('matchesGolden', () => {
  it('accepts differences up to the tolerance and no more', () => {
    const golden = { width: 1, height: 1, values: Uint8Array.of(100), tolerance: 8 };
    const matches = (level: number) => matchesGolden(Float32Array.of(level / 255), 1, 1, golden);
    assert.deepEqual([91, 92, 100, 108, 109].map(matches), [false, true, true, true, false]);
  });

  it('refuses a mask of another size', () => {
    const golden = { width: 1, height: 1, values: Uint8Array.of(0), tolerance: 255 };
    assert.equal(matchesGolden(new Float32Array(3), 2, 2, golden), false);
  });

  for (const model of ['selfie', 'selfie-landscape']) {
    it(`tells right answers of ${model} from wrong ones`, async () => {
      const golden = await readGolden(model);
      const { width, height } = golden;
      const right = createMask(golden);
      const matches = (mask: Float32Array) => matchesGolden(mask, width, height, golden);
      assert.ok(matches(right));
      assert.ok(!matches(right.map(() => 0)));
      assert.ok(!matches(right.map(() => 1)));
      assert.ok(!matches(right.map(() => 0.5)));
      assert.ok(!matches(right.map(() => NaN)));
      assert.ok(!matches(right.map((value) => 1 - value)));
      assert.ok(
        !matches(right.map((_, i) => right[i - (i % width) + width - 1 - (i % width)] ?? 0)),
      );
      assert.ok(!matches(right.toReversed()));
    });

    it(`asks for large areas of both classes from ${model}`, async () => {
      const { values } = await readGolden(model);
      const share = (test: (level: number) => boolean) =>
        values.filter(test).length / values.length;
      assert.ok(share((level) => level > 0.9 * 255) > 0.1);
      assert.ok(share((level) => level < 0.1 * 255) > 0.5);
    });
  }
});
