import { aTimeout, expect } from '@open-wc/testing';
import { budgetFor, ModelCache } from '../../src/inference/model-cache.ts';
import { modelCacheNames } from '../../src/util/model-cache-names.ts';
import { breakCaches } from '../helpers/model-caches.ts';

const budgetBytes = 1000;

async function createCache(): Promise<ModelCache> {
  const cache = await ModelCache.open(budgetBytes);
  if (!cache) throw new Error('This browser has no cache.');
  return cache;
}

function urlOf(name: string): string {
  return `https://models.invalid/${name}.onnx`;
}

/** Ends later than it began by every clock: those of WebKit count whole milliseconds. */
async function keep(cache: ModelCache, name: string, sizeBytes: number, etag = ''): Promise<void> {
  const validators = { etag, lastModified: '' };
  await aTimeout(2);
  await cache.keep(urlOf(name), { bytes: new Uint8Array(sizeBytes), validators });
}

/** Which of these there are. */
async function kept(cache: ModelCache, names: readonly string[]): Promise<string> {
  const found = await Promise.all(names.map((name) => cache.find(urlOf(name))));
  return names.filter((_, i) => found[i]).join('');
}

describe('ModelCache', () => {
  beforeEach(async () => {
    for (const name of Object.values(modelCacheNames)) await caches.delete(name);
  });

  it('gives back bytes and version', async () => {
    const cache = await createCache();
    await keep(cache, 'a', 400, '"1"');
    const file = await cache.find(urlOf('a'));
    expect(file?.validators.etag).to.equal('"1"');
    expect((await file?.read())?.length).to.equal(400);
  });

  it('keeps for the next page', async () => {
    await keep(await createCache(), 'a', 400);
    expect(await kept(await createCache(), ['a'])).to.equal('a');
  });

  it('lets those go that were used least recently', async () => {
    const cache = await createCache();
    await keep(cache, 'a', 400);
    await keep(cache, 'b', 400);
    await aTimeout(2);
    await cache.touch(urlOf('a'), 400);
    await keep(cache, 'c', 400);
    expect(await kept(cache, ['a', 'b', 'c'])).to.equal('ac');
  });

  it('lets no more go than it must', async () => {
    const cache = await createCache();
    for (const name of ['a', 'b', 'c']) await keep(cache, name, 300);
    await keep(cache, 'd', 300);
    expect(await kept(cache, ['a', 'b', 'c', 'd'])).to.equal('bcd');
  });

  it('counts the version before no more', async () => {
    const cache = await createCache();
    await keep(cache, 'a', 400);
    for (const etag of ['"1"', '"2"', '"3"']) await keep(cache, 'b', 600, etag);
    expect(await kept(cache, ['a', 'b'])).to.equal('ab');
    expect((await cache.find(urlOf('b')))?.validators.etag).to.equal('"3"');
  });

  it('leaves the others alone for what would never fit', async () => {
    const cache = await createCache();
    await keep(cache, 'a', 400);
    await keep(cache, 'b', budgetBytes + 1);
    expect(await kept(cache, ['a', 'b'])).to.equal('a');
  });

  it('keeps nothing where the browser has no room', async () => {
    const cache = await createCache();
    const restore = breakCaches('put', new DOMException('Full.', 'QuotaExceededError'));
    await keep(cache, 'a', 400).finally(restore);
    expect(await kept(cache, ['a'])).to.equal('');
  });

  it('is not there where the browser refuses it', async () => {
    const restore = breakCaches('open');
    expect(await ModelCache.open().finally(restore)).to.equal(null);
  });

  const budgets: readonly [
    what: string,
    estimate: StorageEstimate,
    keptBytes: number,
    budget: number,
  ][] = [
    ['a quarter of what is free', { quota: 1000, usage: 200 }, 0, 200],
    ['what models have counts as free', { quota: 1000, usage: 200 }, 200, 250],
    ['nothing where nothing is free', { quota: 1000, usage: 1200 }, 100, 0],
    ['whatever the browser takes where it tells nothing', {}, 100, Infinity],
  ];
  for (const [what, estimate, keptBytes, budget] of budgets) {
    it(`has for its budget: ${what}`, () => {
      expect(budgetFor(estimate, keptBytes)).to.equal(budget);
    });
  }
});
