import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readArguments } from '../../bench/speed/arguments.ts';
import { formatComparison } from '../../bench/speed/compare.ts';
import type { BenchResults } from '../../bench/speed/report.ts';
import { nameRow } from '../../bench/speed/rows.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

function runBench(...options: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--import', 'tsx', 'bench/bench.ts', ...options], {
    cwd: root,
    encoding: 'utf8',
    timeout: 240_000,
  });
}

describe('npm run bench', () => {
  const folder = mkdtempSync(join(tmpdir(), 'void-segmenter-bench-'));
  const json = join(folder, 'bench.json');
  let results: BenchResults;
  let stdout: string;

  before(() => {
    const run = runBench(
      ...['--size', '400x300', '--seconds', '0.2', '--starts', '1'],
      ...['--memory-seconds', '0.5,1', '--json', json],
    );
    assert.equal(run.status, 0, run.stderr);
    stdout = run.stdout;
    results = JSON.parse(readFileSync(json, 'utf8')) as BenchResults;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('measures every row of every phase', () => {
    const names = (rows: readonly { row: Parameters<typeof nameRow>[0] }[]): string[] =>
      rows.map(({ row }) => nameRow(row));
    const everything = [
      'element wasm cutout',
      'element wasm cutout + alpha',
      'element wasm blur',
      'element wasm blur + alpha',
      'naive-pixels wasm cutout',
      'naive-pixels wasm blur',
      'naive-mask wasm cutout',
      'naive-mask wasm blur',
      'mediapipe CPU cutout',
      'mediapipe CPU blur',
    ];
    const subjects = everything.filter((name) => name.endsWith(' cutout'));
    assert.deepEqual(names(results.frames), everything);
    assert.deepEqual(names(results.copies), everything);
    assert.deepEqual(names(results.start), subjects);
    assert.deepEqual(names(results.play), ['the clip alone', ...subjects]);
  });

  it('gives no figure that is not a number', () => {
    // JSON has no NaN: one becomes null.
    assert.ok(!JSON.stringify(results).includes('null'));
  });

  it('counts frames, bytes and memory that there must be', () => {
    for (const { framesPerSecond, frameMs } of results.frames) {
      assert.ok(framesPerSecond > 0 && frameMs.count > 0);
    }
    for (const { gzipBytes, rawBytes } of results.start) {
      assert.ok(gzipBytes > 3e6 && rawBytes > gzipBytes);
    }
    for (const { framesPerSecond, memory } of results.play) {
      assert.ok(framesPerSecond > 0);
      assert.deepEqual(
        memory.map(({ seconds }) => seconds),
        [0.5, 1],
      );
      assert.ok(memory.every(({ rendererMb, gpuMb }) => rendererMb > 10 && gpuMb > 10));
    }
  });

  it('counts the naive way reading its pixels back', () => {
    const naive = results.copies.find(({ row }) => row.subject === 'naive-pixels');
    assert.equal(naive?.callsPerFrame['getImageData'], 2);
  });

  it('prints its tables', () => {
    for (const title of [
      'Frames, one right',
      'Memory, MB',
      'Calls a frame',
      'From the navigation',
      'Pixels to another thread',
    ]) {
      assert.ok(stdout.includes(title), `${title} is missing in\n${stdout}`);
    }
  });

  it('has a ratio of 1 to itself everywhere', () => {
    const lines =
      formatComparison(results, results).match(/^\| (element|naive|mediapipe).*$/gm) ?? [];
    const count = results.frames.length + results.play.length - 1 + results.start.length;
    assert.equal(lines.length, count);
    for (const line of lines) assert.match(line, /400x300( *\| *1\.00)+ \|$/);
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
