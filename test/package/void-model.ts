import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { installedPackage } from './installed-package.ts';

const { app, folder, packageJson } = installedPackage;
const script = join(folder, packageJson.bin['void-model'] ?? '');

function run(...args: readonly string[]): string {
  return execFileSync(process.execPath, [script, ...args], { cwd: app, encoding: 'utf8' });
}

describe('void-model', () => {
  it('starts by the name that package.json gives it', () => {
    assert.match(readFileSync(script, 'utf8'), /^#!\/usr\/bin\/env node\n/);
    assert.match(run('--help'), /^void-model: prepares models/);
  });

  it('explains each of its commands', () => {
    const names = [...run('--help').matchAll(/^ {2}([a-z]+) {2,}\S/gm)].map(
      ([, name = '']) => name,
    );
    assert.ok(names.includes('inspect'));
    for (const name of names) {
      assert.match(run(name, '--help'), new RegExp(`^void-model ${name}: [^]*\\nExamples\\n`));
    }
  });

  it('inspects a model of the package', () => {
    const model = join(folder, 'models/selfie.onnx');
    assert.match(run('inspect', model), /^in +input_1: float32 \[1, 256, 256, 3\]$/m);
  });

  it('optimizes it with the ONNX Runtime Web that the package depends on', () => {
    const model = join(folder, 'models/selfie.onnx');
    assert.match(run('optimize', model, '-o', join(app, 'small.onnx')), /largest difference 0,/);
  });

  it('tells failure from wrong usage, and warns of nothing', () => {
    const status = (...args: readonly string[]) => {
      const result = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
      assert.match(result.stderr, /^void-model: [^\n]+\n$/);
      return result.status;
    };
    assert.equal(status('inspect', 'missing.onnx'), 1);
    assert.equal(status('inspect'), 2);
    assert.equal(status('enlarge'), 2);
  });
});
