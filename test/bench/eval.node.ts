import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readArguments } from '../../bench/eval/arguments.ts';
import { readDataset, spread } from '../../bench/eval/dataset.ts';
import type { EvalResults } from '../../bench/eval/report.ts';
import { evalRows } from '../../bench/eval/rows.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pictures = join(root, 'test/assets/parity');

function runEval(...options: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ['--import', 'tsx', 'bench/eval.ts', ...options], {
    cwd: root,
    encoding: 'utf8',
    timeout: 240_000,
  });
}

/** A grey Windows bitmap; 24 bits a pixel, the bottom row first. The width is a multiple of 4. */
function encodeBitmap(width: number, height: number, isWhite: (i: number) => boolean): Buffer {
  const headerSize = 54;
  const file = Buffer.alloc(headerSize + 3 * width * height);
  file.write('BM', 0, 'latin1');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(headerSize, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(24, 28);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const offset = headerSize + 3 * ((height - 1 - y) * width + x);
      file.fill(isWhite(y * width + x) ? 255 : 0, offset, offset + 3);
    }
  }
  return file;
}

/** MediaPipe's own mask of a fixture, as truth. */
function encodeFixture(name: string, width: number, height: number): Buffer {
  const bytes = readFileSync(join(pictures, `${name}.f32`));
  const values = new Float32Array(new Uint8Array(bytes).buffer);
  return encodeBitmap(width, height, (i) => (values[i] as number) >= 0.5);
}

describe('npm run eval', () => {
  const folder = mkdtempSync(join(tmpdir(), 'void-segmenter-eval-'));
  const json = join(folder, 'eval.json');
  const sheet = join(folder, 'sheets/worst.png');
  let results: EvalResults;
  let stdout: string;

  before(() => {
    for (const name of ['clip/frames', 'clip/masks']) {
      mkdirSync(join(folder, name), { recursive: true });
    }
    copyFileSync(join(pictures, 'astronaut-256x256.png'), join(folder, 'astronaut.png'));
    writeFileSync(join(folder, 'astronaut.bmp'), encodeFixture('astronaut-256x256', 256, 256));
    writeFileSync(
      join(folder, 'nobody.bmp'),
      encodeBitmap(64, 48, () => false),
    );
    for (const [i, name] of ['clip-8s-256x144', 'clip-31s-256x144'].entries()) {
      copyFileSync(join(pictures, `${name}.png`), join(folder, `clip/frames/${i}.png`));
      writeFileSync(join(folder, `clip/masks/${i}.bmp`), encodeFixture(name, 256, 144));
    }
    writeFileSync(
      join(folder, 'index.json'),
      JSON.stringify({
        images: [
          {
            id: 'astronaut',
            image: 'astronaut.png',
            mask: 'astronaut.bmp',
            subset: 'portrait',
            edge_quality: 'good',
          },
          { id: 'nobody', image: 'nobody.bmp', mask: 'nobody.bmp', subset: 'no-person' },
        ],
        videos: [{ id: 'clip', frames: 'clip/frames', masks: 'clip/masks', fps: 25 }],
      }),
    );
    const run = runEval(...['--data', folder, '--json', json, '--worst', '2', '--sheet', sheet]);
    assert.equal(run.status, 0, run.stderr);
    stdout = run.stdout;
    results = JSON.parse(readFileSync(json, 'utf8')) as EvalResults;
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('scores every picture and clip in every row', () => {
    const names = results.rows.map(({ name }) => name);
    assert.deepEqual(names, [
      'element auto',
      'element selfie',
      'element selfie-landscape',
      'element auto, as the model gives it',
      'element auto, whole frames',
      'element auto, smoothing="0"',
      'element auto, no-refine',
      'mediapipe auto',
      'mediapipe selfie',
      'mediapipe selfie-landscape',
    ]);
    assert.deepEqual(
      results.pictures.map(({ id, subset, scores }) => [id, subset, scores.length]),
      [
        ['astronaut', 'portrait', names.length],
        ['nobody', 'no-person', names.length],
      ],
    );
    assert.deepEqual(
      results.clips.map(({ id, scores }) => [id, scores.length]),
      [['clip', names.length]],
    );
    for (const { iou, hardFlicker } of results.clips[0]?.scores ?? []) {
      assert.deepEqual([iou.length, hardFlicker.length], [2, 1]);
    }
  });

  it('gives no figure that is not a number', () => {
    // JSON has no NaN: one becomes null.
    assert.ok(!JSON.stringify(results).includes('null'));
  });

  it('finds the masks of the right models right', () => {
    const scoresOf = (picture: number, row: string) =>
      results.pictures[picture]?.scores[results.rows.findIndex(({ name }) => name === row)];
    // The truth is MediaPipe's mask, so its own row and ours of the same weights must match it.
    const plain = 'element auto, as the model gives it';
    for (const row of [plain, 'mediapipe auto', 'mediapipe selfie']) {
      assert.ok((scoresOf(0, row)?.iou ?? 0) > 0.999, row);
      assert.equal(scoresOf(0, row)?.boundaryF, 1, row);
      assert.equal(scoresOf(1, row)?.falsePositiveArea, 0, row);
      assert.equal(scoresOf(1, row)?.iou, undefined, row);
    }
    // Refined, it is another one, but not by much.
    const refined = scoresOf(0, 'element auto')?.iou ?? 0;
    assert.ok(refined > 0.97 && refined < 0.9999, String(refined));
    assert.ok((scoresOf(0, 'element selfie-landscape')?.iou ?? 1) < 0.999);
  });

  it('follows a clip', () => {
    for (const row of ['element auto, as the model gives it', 'mediapipe auto']) {
      const scores = results.clips[0]?.scores[results.rows.findIndex(({ name }) => name === row)];
      assert.ok(scores?.iou.every((iou) => iou > 0.999) === true, row);
      assert.ok((scores.hardFlicker[0] ?? 1) < 0.001, row);
    }
  });

  it('prints its tables', () => {
    assert.match(stdout, /\| portrait \(1\) +\| element auto +\|/);
    assert.match(stdout, /\| clip \(2 frames\) +\| mediapipe selfie-landscape +\|/);
  });

  it('draws the contact sheet', () => {
    const file = readFileSync(sheet);
    assert.equal(file.toString('latin1', 1, 4), 'PNG');
    // Width and height in the header chunk: two tiles beside each other.
    assert.deepEqual([file.readUInt32BE(16), file.readUInt32BE(20)], [600, 322]);
  });
});

describe('the data of npm run eval', () => {
  const folder = mkdtempSync(join(tmpdir(), 'void-segmenter-data-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const wrong: readonly [index: string, message: RegExp][] = [
    ['<!doctype html>', /index\.json is no JSON/],
    ['{}', /lists no "images"/],
    ['{"images": [{"id": "a", "image": "a.png"}]}', /"mask" is missing in \{"id":"a"/],
  ];
  for (const [index, message] of wrong) {
    it(`explains what is wrong with ${index}`, () => {
      writeFileSync(join(folder, 'index.json'), index);
      assert.throws(() => readDataset(folder), message);
    });
  }

  it('wants a mask for every frame', () => {
    mkdirSync(join(folder, 'frames'));
    for (const name of ['0.png', '1.png']) writeFileSync(join(folder, 'frames', name), '');
    mkdirSync(join(folder, 'masks'));
    writeFileSync(join(folder, 'masks/0.png'), '');
    writeFileSync(
      join(folder, 'index.json'),
      '{"images": [], "videos": [{"id": "a", "frames": "frames", "masks": "masks"}]}',
    );
    assert.throws(() => readDataset(folder), /clip a has 2 frames and 1 masks/);
  });

  it('names a file that is not there', () => {
    const entry = { id: 'a', image: 'gone.jpg', mask: 'gone.png', subset: 'a' };
    writeFileSync(join(folder, 'index.json'), JSON.stringify({ images: [entry] }));
    const { status, stderr } = runEval('--data', folder, '--rows', 'mediapipe auto');
    assert.equal(status, 1);
    assert.match(stderr, /There is no gone\.jpg/);
  });

  it('takes some from everywhere', () => {
    assert.deepEqual(spread([0, 1, 2, 3, 4, 5, 6, 7], 4), [0, 2, 4, 6]);
    assert.deepEqual(spread([0, 1], 4), [0, 1]);
    assert.deepEqual(spread([0, 1]), [0, 1]);
  });
});

describe('the arguments of npm run eval', () => {
  const wrong: readonly [arguments_: string[], message: RegExp][] = [
    [['--data', 'no-such-folder'], /There is no .*index\.json\. Name a folder with --data DIR/],
    [['--backend', 'webgpu'], /--gpu native/],
    [['--backend', 'cuda'], /wasm, webgpu/],
    [['--gpu', 'fast'], /none, native, software/],
    [['--speed'], /--speed/],
  ];
  for (const [argv, message] of wrong) {
    it(`explains what is wrong with ${argv.join(' ')}`, () => {
      assert.throws(() => readArguments(argv), message);
    });
  }

  it('takes a model by its path or URL, alone unless rows are named', () => {
    const folder = mkdtempSync(join(tmpdir(), 'void-segmenter-arguments-'));
    writeFileSync(join(folder, 'index.json'), '{}');
    const read = (...argv: string[]) => readArguments(['--data', folder, ...argv]);
    const path = read('--model', join(folder, 'index.json'));
    assert.deepEqual(
      path?.rows.map(({ name, modelUrl }) => [name, modelUrl]),
      [['element index.json', '/given/index.json']],
    );
    assert.equal(path.modelFolder, folder);
    const url = read('--model', 'https://example.org/a.onnx', '--rows', 'element selfie-l');
    assert.deepEqual(
      url?.rows.map(({ name, modelUrl }) => [name, modelUrl]),
      [
        ['element selfie-landscape', undefined],
        ['element a.onnx', 'https://example.org/a.onnx'],
      ],
    );
    rmSync(folder, { recursive: true });
  });

  it('knows what is wrong with a number or a row', () => {
    const folder = mkdtempSync(join(tmpdir(), 'void-segmenter-arguments-'));
    writeFileSync(join(folder, 'index.json'), '{}');
    const read = (...argv: string[]) => readArguments(['--data', folder, ...argv]);
    assert.throws(() => read('--limit', '0'), /--limit 0: it takes a whole number/);
    assert.throws(() => read('--worst', 'all'), /--worst all: it takes a whole number/);
    assert.throws(() => read('--rows', 'naive'), /no such row. There are element auto/);
    assert.equal(read()?.rows.length, evalRows.length);
    assert.throws(
      () => read('--model', 'no-such.json'),
      /--model no-such.json: there is no such file/,
    );
    rmSync(folder, { recursive: true });
  });
});
