import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readArguments } from '../../bench/graphs/arguments.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

describe('npm run bench:graphs', () => {
  it('finds no difference between a file and itself', () => {
    const model = 'models/selfie-landscape.onnx';
    const options = ['--import', 'tsx', 'bench/graphs.ts', model, model, '--runs', '2'];
    const { status, stdout, stderr } = spawnSync(process.execPath, options, {
      cwd: root,
      encoding: 'utf8',
      timeout: 240_000,
    });
    assert.equal(status, 0, stderr);
    assert.equal(stdout.match(/^\| selfie-landscape\.onnx \| 0\.0e\+0 /gm)?.length, 2, stdout);
  });
});

describe('the arguments of npm run bench:graphs', () => {
  const wrong: readonly [arguments_: string[], message: RegExp][] = [
    [['a.onnx'], /at least two/],
    [['a.onnx', 'b.onnx', '--runs', '0'], /whole number above 0/],
    [['a.onnx', '--options', '{}', '--options', 'fast'], /takes JSON/],
  ];
  for (const [argv, message] of wrong) {
    it(`explains what is wrong with ${argv.join(' ')}`, () => {
      assert.throws(() => readArguments(argv), message);
    });
  }
});
