import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { formatComparison } from '../../../bench/speed/compare.ts';
import { everyRow, expectFigures, expectOnes, measure, namesOf } from '../run-bench.ts';

/** Every phase but the frames, of which `test/bench/bench.node.ts` is. */
describe('npm run bench, its slow phases', () => {
  let bench: ReturnType<typeof measure>;
  before(() => {
    const phases = ['copies', 'start', 'play', 'transfers'].flatMap((name) => ['--only', name]);
    bench = measure(...phases, '--starts', '1', '--memory-seconds', '0.5,1');
  });

  it('measure every row', () => {
    const { copies, start, play } = bench.results;
    const subjects = everyRow.filter((name) => name.endsWith(' cutout'));
    assert.deepEqual(namesOf(copies), everyRow);
    assert.deepEqual(namesOf(start), subjects);
    assert.deepEqual(namesOf(play), ['the clip alone', ...subjects]);
  });

  it('count frames, bytes and memory that there must be', () => {
    const { start, play } = bench.results;
    for (const { gzipBytes, rawBytes } of start) {
      assert.ok(gzipBytes > 3e6 && rawBytes > gzipBytes);
    }
    for (const { framesPerSecond, memory } of play) {
      assert.ok(framesPerSecond > 0);
      assert.deepEqual(
        memory.map(({ seconds }) => seconds),
        [0.5, 1],
      );
      assert.ok(memory.every(({ rendererMb, gpuMb }) => rendererMb > 10 && gpuMb > 10));
    }
  });

  it('count the naive way reading its pixels back', () => {
    const naive = bench.results.copies.find(({ row }) => row.subject === 'naive-pixels');
    assert.equal(naive?.callsPerFrame['getImageData'], 2);
  });

  it('print their tables, and no figure that is not a number', () => {
    const titles = [
      'Memory, MB',
      'Calls a frame',
      'From the navigation',
      'Pixels to another thread',
    ];
    expectFigures(bench, ...titles);
  });

  it('have a ratio of 1 to themselves everywhere', () => {
    const { results } = bench;
    const count = results.play.length - 1 + results.start.length;
    expectOnes(formatComparison(results, results), count);
  });
});
