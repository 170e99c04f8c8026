import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchResults } from '../../bench/speed/report.ts';
import { nameRow, type Row } from '../../bench/speed/rows.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every row of the phases that run each effect, on a machine without a GPU. */
export const everyRow = [
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

/** Runs `npm run bench` to its end. */
export function runBench(...options: string[]) {
  return spawnSync(process.execPath, ['--import', 'tsx', 'bench/bench.ts', ...options], {
    cwd: root,
    encoding: 'utf8',
    timeout: 240_000,
  });
}

/** Measures as shortly as can be, on the clip at its own size. */
export function measure(...options: string[]): { results: BenchResults; stdout: string } {
  const folder = mkdtempSync(join(tmpdir(), 'void-segmenter-bench-'));
  const json = join(folder, 'bench.json');
  try {
    const { status, stdout, stderr } = runBench(
      ...['--size', '400x300', '--seconds', '0.2', '--json', json],
      ...options,
    );
    assert.equal(status, 0, stderr);
    return { results: JSON.parse(readFileSync(json, 'utf8')) as BenchResults, stdout };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function namesOf(rows: readonly { readonly row: Row }[]): string[] {
  return rows.map(({ row }) => nameRow(row));
}

/** Asserts that the tables are printed, and that nothing in the results has no value. */
export function expectFigures(
  { results, stdout }: ReturnType<typeof measure>,
  ...titles: readonly string[]
): void {
  for (const title of titles) {
    assert.ok(stdout.includes(title), `${title} is missing in\n${stdout}`);
  }
  // JSON has no NaN: one becomes null.
  assert.ok(!JSON.stringify(results).includes('null'));
}

/** Asserts that each row has a ratio of 1 to itself. */
export function expectOnes(comparison: string, count: number): void {
  const lines = comparison.match(/^\| (element|naive|mediapipe).*$/gm) ?? [];
  assert.equal(lines.length, count);
  for (const line of lines) assert.match(line, /400x300( *\| *1\.00)+ \|$/);
}
