import { expect } from '@open-wc/testing';

import { Semaphore } from '../../src/util/semaphore.ts';
import { finishDueWork } from '../helpers/promises.ts';

/** Asks for a permit under each name; the list that is returned fills with those who got one. */
function acquireAll(semaphore: Semaphore, names: readonly string[]): string[] {
  const got: string[] = [];
  for (const name of names) void semaphore.acquire().then(() => got.push(name));
  return got;
}

describe('Semaphore', () => {
  for (const permits of [0, 1, 3]) {
    it(`gives ${permits} permits out of ${permits}`, () => {
      const semaphore = new Semaphore(permits);
      const taken = [1, 2, 3, 4].filter(() => semaphore.tryAcquire());
      expect(taken.length).to.equal(permits);
    });
  }

  it('lets as many through at once as it has permits', async () => {
    const got = acquireAll(new Semaphore(2), ['a', 'b', 'c']);
    await finishDueWork();
    expect(got).to.deep.equal(['a', 'b']);
  });

  it('gives a permit that comes back to the one who waits longest', async () => {
    const semaphore = new Semaphore(1);
    const got = acquireAll(semaphore, ['a', 'b', 'c']);
    semaphore.release();
    await finishDueWork();
    expect(got).to.deep.equal(['a', 'b']);
  });

  it('serves everybody in the order of asking', async () => {
    const semaphore = new Semaphore(1);
    const got = acquireAll(semaphore, ['a', 'b', 'c', 'd']);
    for (let i = 0; i < 3; i++) semaphore.release();
    await finishDueWork();
    expect(got).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('does not let anybody jump the queue', () => {
    const semaphore = new Semaphore(1);
    acquireAll(semaphore, ['a', 'b']);
    semaphore.release();
    expect(semaphore.tryAcquire()).to.equal(false);
  });

  it('has its permit again once nobody waits', () => {
    const semaphore = new Semaphore(1);
    acquireAll(semaphore, ['a', 'b']);
    semaphore.release();
    semaphore.release();
    expect(semaphore.tryAcquire()).to.equal(true);
  });

  it('serves those who wait when there are more permits', async () => {
    const semaphore = new Semaphore(1);
    const got = acquireAll(semaphore, ['a', 'b', 'c', 'd']);
    semaphore.resize(3);
    await finishDueWork();
    expect([got, semaphore.permits]).to.deep.equal([['a', 'b', 'c'], 3]);
  });

  it('takes no permit away, but lets nobody have it who comes after', () => {
    const semaphore = new Semaphore(2);
    acquireAll(semaphore, ['a', 'b']);
    semaphore.resize(1);
    semaphore.release();
    expect(semaphore.tryAcquire()).to.equal(false);
    semaphore.release();
    expect([semaphore.tryAcquire(), semaphore.tryAcquire()]).to.deep.equal([true, false]);
  });
});
