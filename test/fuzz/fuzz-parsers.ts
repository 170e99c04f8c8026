import { readFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { Samples } from './parser-cases.ts';
import type { Batch, BatchMessage } from './parser-worker.ts';
import { Tally, type Failure, type Result } from './tally.ts';

/** A case that takes so long hangs: the slowest of them takes some milliseconds. */
const patienceMs = 20_000;
/** Of JavaScript objects in the thread, in MB. Who takes more kills it, and that is a failure. */
const mostMegabytes = 512;

/** Node 20 hands tsx, by which it reads TypeScript, to no thread. */
const startScript = `
  import('tsx/esm/api').then(({ register }) => {
    register();
    return import(${JSON.stringify(new URL('./parser-worker.ts', import.meta.url).href)});
  });`;

/** Has broken files and manifests read, from case `from` to the one before `to`. */
export async function fuzzParsers(seed: number, from: number, to: number): Promise<Result> {
  const samples = await readSamples();
  const tally = new Tally();
  const failures: Failure[] = [];
  for (let next = from; next < to;) {
    const current = new Int32Array(new SharedArrayBuffer(4)).fill(next);
    const died = await runBatch({ samples, seed, from: next, to, current }, tally, failures);
    if (died === null) break;
    const index = Atomics.load(current, 0);
    failures.push({ index, kind: 'killed', what: died });
    next = index + 1;
  }
  return { tally, failures };
}

async function readSamples(): Promise<Samples> {
  const read = (path: string): Promise<Uint8Array> =>
    readFile(new URL(`../../${path}`, import.meta.url));
  const toys = ['green', 'green-logit', 'colors-planar', 'colors-softmax', 'split'];
  const toyFolder = 'test/assets/models/';
  return {
    onnx: await Promise.all(
      ['models/selfie.onnx', ...toys.map((name) => `${toyFolder}${name}.onnx`)].map(read),
    ),
    tflite: [await read('node_modules/@mediapipe/selfie_segmentation/selfie_segmentation.tflite')],
    manifests: await Promise.all(
      ['models/selfie.json', `${toyFolder}colors.json`, `${toyFolder}split.json`].map(
        async (path) => new TextDecoder().decode(await read(path)),
      ),
    ),
  };
}

/** Resolves with null once all cases have ended, else with why the thread did. */
async function runBatch(batch: Batch, tally: Tally, failures: Failure[]): Promise<string | null> {
  const worker = new Worker(startScript, {
    eval: true,
    workerData: batch,
    resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
  });
  let last = -1;
  let watch: ReturnType<typeof setInterval> | undefined;
  try {
    return await new Promise((resolve) => {
      watch = setInterval(() => {
        const index = Atomics.load(batch.current, 0);
        if (index === last) resolve(`did not end within ${patienceMs / 1000} seconds`);
        last = index;
      }, patienceMs);
      worker.on('message', (message: BatchMessage) => {
        if (message.type === 'ended') tally.add(message.kind, message.end);
        else if (message.type === 'failed') failures.push(message.failure);
        else resolve(null);
      });
      worker.on('error', (error) => resolve(String(error)));
    });
  } finally {
    clearInterval(watch);
    await worker.terminate();
  }
}
