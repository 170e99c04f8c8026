import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { readArguments } from '../../bench/speed/arguments.ts';
import { formatComparison } from '../../bench/speed/compare.ts';
import { everyRow, expectFigures, expectOnes, measure, namesOf, runBench } from './run-bench.ts';

/** The other phases take a minute and a half: `npm run test:bench:full`. */
describe('npm run bench -- --only frames', () => {
  let bench: ReturnType<typeof measure>;
  before(() => (bench = measure('--only', 'frames')));

  it('measures every row', () => {
    const { frames, copies, start, play } = bench.results;
    assert.deepEqual(namesOf(frames), everyRow);
    for (const { framesPerSecond, frameMs } of frames) {
      assert.ok(framesPerSecond > 0 && frameMs.count > 0);
    }
    assert.deepEqual([copies, start, play], [[], [], []]);
  });

  it('prints its table, and no figure that is not a number', () => {
    expectFigures(bench, 'Frames, one right');
  });

  it('has a ratio of 1 to itself everywhere', () => {
    const { results } = bench;
    expectOnes(formatComparison(results, results), everyRow.length);
  });
});

describe('the arguments of npm run bench', () => {
  const wrong: readonly [arguments_: string[], message: RegExp][] = [
    [['--backend', 'webgpu'], /--gpu native/],
    [['--gpu', 'fast'], /none, native, software/],
    [['--only', 'everything'], /frames, copies, start, play, transfers/],
    [['--seconds', '0'], /number above 0/],
    [['--size', 'large'], /1280x720/],
    [['--speed'], /--speed/],
  ];
  for (const [argv, message] of wrong) {
    it(`explains what is wrong with ${argv.join(' ')}`, () => {
      assert.throws(() => readArguments(argv), message);
    });
  }

  it('ends with a sentence when there is no such clip', () => {
    const { status, stderr } = runBench('--clip', 'no-such-clip.webm');
    assert.equal(status, 1);
    assert.match(stderr, /There is no clip no-such-clip\.webm/);
  });
});
