import { expect } from '@open-wc/testing';

import { UploadChoice } from '../../src/gpu/upload-choice.ts';

/** Takes each way as long as told until it is decided, and returns the ways in the order in which they were taken. */
function tryAll(
  choice: UploadChoice,
  timesMs: Readonly<Record<string, readonly number[]>>,
): string[] {
  const taken: string[] = [];
  while (!choice.isDecided) {
    const way = choice.next;
    const count = taken.filter((name) => name === way).length;
    choice.record(way, timesMs[way]?.[count] ?? NaN);
    taken.push(way);
  }
  return taken;
}

describe('UploadChoice', () => {
  it('tries all ways in turn, five times each', () => {
    const taken = tryAll(new UploadChoice(['a', 'b']), { a: [1, 1, 1, 1, 1], b: [2, 2, 2, 2, 2] });
    expect(taken.join('')).to.equal('ababababab');
  });

  for (const [title, timesMs, best] of [
    ['takes the fastest', { a: [5, 5, 5, 5, 5], b: [3, 3, 3, 3, 3] }, 'b'],
    [
      'leaves out the first two, which pay for pipelines',
      { a: [90, 90, 2, 2, 2], b: [3, 3, 3, 3, 3] },
      'a',
    ],
    ['does not mind slow frames', { a: [2, 2, 90, 90, 2], b: [3, 3, 3, 3, 3] }, 'a'],
    ['takes the first of equals', { a: [3, 3, 3, 3, 3], b: [3, 3, 3, 3, 3] }, 'a'],
  ] as const) {
    it(title, () => {
      const choice = new UploadChoice(['a', 'b']);
      tryAll(choice, timesMs);
      expect(choice.next).to.equal(best);
    });
  }

  it('stays with what it found', () => {
    const choice = new UploadChoice(['a', 'b']);
    tryAll(choice, { a: [1, 1, 1, 1, 1], b: [2, 2, 2, 2, 2] });
    expect([choice.next, choice.next, choice.isDecided]).to.deep.equal(['a', 'a', true]);
  });

  it('has nothing to try of one way', () => {
    const choice = new UploadChoice(['a']);
    expect([choice.isDecided, choice.next]).to.deep.equal([true, 'a']);
  });

  it('tries nothing where the best is known', () => {
    const choice = new UploadChoice(['a', 'b'], 'b');
    expect([choice.isDecided, choice.next]).to.deep.equal([true, 'b']);
  });

  it('never takes what was excluded', () => {
    const choice = new UploadChoice(['a', 'b', 'c']);
    choice.exclude('a');
    const taken = tryAll(choice, { b: [2, 2, 2, 2, 2], c: [1, 1, 1, 1, 1] });
    expect(taken).not.to.include('a');
    expect(choice.next).to.equal('c');
  });

  it('tries the others once what was known is excluded', () => {
    const choice = new UploadChoice(['a', 'b', 'c'], 'b');
    choice.exclude('b');
    expect([choice.isDecided, choice.next]).to.deep.equal([false, 'a']);
  });

  it('keeps the last way', () => {
    const choice = new UploadChoice(['a', 'b']);
    choice.exclude('a');
    choice.exclude('b');
    expect(choice.next).to.equal('b');
  });
});
