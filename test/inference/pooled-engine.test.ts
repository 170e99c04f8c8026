import { expect } from '@open-wc/testing';

import { PooledEngine, type TensorChannel } from '../../src/inference/pooled-engine.ts';
import { InferencePool } from '../../src/pool/inference-pool.ts';
import { Channel } from '../../src/protocol/channel.ts';
import type {
  LoadedModel,
  NoNotices,
  NoRequests,
  TensorRequests,
  WorkerLine,
} from '../../src/protocol/messages.ts';
import type { CpuAnswer } from '../../src/stage.ts';
import { codeOf } from '../helpers/promises.ts';

const never = new AbortController().signal;
const forever = new Promise<never>(() => {});
const patienceMs = 400;
/** Compiled once for all workers: they start in half the time. */
const wasm = WebAssembly.compileStreaming(
  fetch('/node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm'),
).then((module) => ({ module }));

interface Bench {
  readonly engine: PooledEngine;
  readonly workers: readonly Started[];
  readonly lost: { worker: number; reason: string }[];
  /** Resolves once so many workers are lost. */
  untilLost(count: number): Promise<void>;
}

const ended: (() => void)[] = [];

function open({ port }: WorkerLine): TensorChannel {
  return new Channel<TensorRequests, NoNotices, NoRequests, NoNotices>(port, null, {});
}

/** A real worker that runs the green model. */
interface Started {
  readonly id: number;
  readonly line: WorkerLine;
  readonly loaded: LoadedModel;
  terminate(): void;
}

let pool: InferencePool;

async function startWorker(): Promise<Started> {
  const started = await pool.start(() => {});
  const id = started.line.worker;
  return { ...started, id, terminate: () => pool.end(id) };
}

/** An engine with real workers that run the green model. */
async function createBench(count: number): Promise<Bench> {
  const workers = await Promise.all(Array.from({ length: count }, () => startWorker()));
  const lost: Bench['lost'] = [];
  let onLost = (): void => {};
  const model = (workers[0] as Started).loaded.model;
  const engine = new PooledEngine(model, patienceMs, {
    onLost: (worker, reason) => {
      lost.push({ worker, reason });
      onLost();
    },
    onResize: () => {},
  });
  ended.push(() => void engine.dispose());
  for (const worker of workers) engine.addWorker(worker.id, open(worker.line), forever);
  const untilLost = async (wanted: number): Promise<void> => {
    while (lost.length < wanted) await new Promise<void>((resolve) => (onLost = resolve));
  };
  return { engine, workers, lost, untilLost };
}

/** A real worker that does what it is told to, with a port to it in the place of an inference worker's. */
function createBadWorker(code: string): TensorChannel {
  const script = `onmessage = ({ data: { port } }) => { port.onmessage = ({ data }) => { ${code} }; };`;
  const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
  const worker = new Worker(url);
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ port: port2 }, [port2]);
  ended.push(() => {
    worker.terminate();
    URL.revokeObjectURL(url);
  });
  return open({ worker: 0, port: port1, lock: '' });
}

/** Green is a person in the upper half, whatever the rest. */
function createPixels({ engine }: Bench): Uint8ClampedArray {
  const { width, height } = engine.model.input;
  const pixels = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let i = 0; i < pixels.length; i += 4) pixels[i + 1] = i < pixels.length / 2 ? 255 : 0;
  return pixels;
}

function expectRightAnswer({ mask }: CpuAnswer): void {
  const upper = mask.slice(0, mask.length / 2);
  const lower = mask.slice(mask.length / 2);
  expect(Math.min(...upper)).to.be.above(0.99);
  expect(Math.max(...lower)).to.be.below(0.01);
}

describe('PooledEngine', () => {
  beforeEach(() => {
    const url = new URL('/test/assets/models/green.json', location.href).href;
    const model = { url, fileUrl: '', integrity: '' };
    const assets = { wasmUrl: '' };
    pool = new InferencePool({ model, assetBase: '', assets, wasm, threads: 1 }, never);
    ended.push(() => pool.terminate());
  });

  afterEach(() => {
    for (const end of ended.splice(0)) end();
  });

  it('answers with the mask', async () => {
    const bench = await createBench(1);
    expectRightAnswer(await bench.engine.run(createPixels(bench)));
  });

  it('lets in one frame more than there are workers, unless latency comes first', async () => {
    const { engine, workers } = await createBench(2);
    expect([engine.concurrencyFor('throughput'), engine.concurrencyFor('latency')]).to.deep.equal([
      3, 2,
    ]);
    engine.removeWorker((workers[1] as Started).id);
    expect([engine.concurrencyFor('throughput'), engine.concurrencyFor('latency')]).to.deep.equal([
      2, 1,
    ]);
  });

  it('makes no buffer after the first frames, in a thousand', async () => {
    const bench = await createBench(2);
    const pixels = createPixels(bench);
    const { engine } = bench;
    const runAll = (): Promise<unknown> =>
      Promise.all(
        Array.from({ length: engine.concurrencyFor('throughput') }, () => engine.run(pixels)),
      );
    await runAll();
    const before = engine.createdBuffers;
    expect(before).to.equal(2 * engine.concurrencyFor('throughput'));
    for (let frame = 0; frame < 1000; frame += engine.concurrencyFor('throughput')) await runAll();
    expect(engine.createdBuffers).to.equal(before);
  });

  it('answers with the class of each pixel where that is asked for, in buffers made once', async () => {
    const bench = await createBench(1);
    const { engine } = bench;
    const pixels = createPixels(bench);
    const selection = { foreground: [0], hasCategories: true };
    const { mask, categories } = await engine.run(pixels, selection);
    const half = mask.length / 2;
    expect([mask[0], mask[half]].map((value) => Math.round(value ?? NaN))).to.deep.equal([0, 1]);
    expect(new Set(categories?.subarray(0, half))).to.deep.equal(new Set([1]));
    expect(new Set(categories?.subarray(half))).to.deep.equal(new Set([0]));
    const before = engine.createdBuffers;
    expect(before).to.equal(3);
    for (let i = 0; i < 50; i++) await engine.run(pixels, i % 2 ? selection : undefined);
    expect(engine.createdBuffers).to.equal(before);
  });

  for (const [what, code, reason] of [
    ['hangs', 'for (;;);', /has not answered/],
    ['says nothing', '', /has not answered/],
    [
      'answers with an error',
      "port.postMessage({ kind: 'error', id: data.id, error: { name: 'RuntimeError', message: 'unreachable' } });",
      /unreachable/,
    ],
  ] as const) {
    it(`runs the frame again in another worker when one ${what}`, async () => {
      const bench = await createBench(1);
      const { engine, workers, lost, untilLost } = bench;
      const good = workers[0] as Started;
      engine.removeWorker(good.id);
      engine.addWorker(7, createBadWorker(code), forever);
      const answer = engine.run(createPixels(bench));
      await untilLost(1);
      expect(lost[0]?.worker).to.equal(7);
      expect(lost[0]?.reason).to.match(reason);
      const next = await startWorker();
      engine.addWorker(8, open(next.line), forever);
      expectRightAnswer(await answer);
    });
  }

  it('notices at once when a worker is terminated in the middle of a frame', async () => {
    const bench = await createBench(1);
    const { engine, lost, untilLost } = bench;
    const second = await startWorker();
    const { lock } = second.line;
    expect(lock).to.not.equal('');
    const death = navigator.locks.request(lock, () => {});
    engine.addWorker(1, open(second.line), death);
    const answers = [1, 2, 3].map(() => engine.run(createPixels(bench)));
    second.terminate();
    await untilLost(1);
    expect(lost).to.deep.equal([{ worker: 1, reason: 'It was ended.' }]);
    for (const answer of answers) expectRightAnswer(await answer);
  });

  it('gives a frame up that has lost two workers', async () => {
    const bench = await createBench(1);
    const { engine, workers, untilLost } = bench;
    engine.removeWorker((workers[0] as Started).id);
    engine.addWorker(7, createBadWorker(''), forever);
    const failure = codeOf(engine.run(createPixels(bench)));
    await untilLost(1);
    engine.addWorker(8, createBadWorker(''), forever);
    expect(await failure).to.equal('worker-failed');
  });

  it('lets a worker that retires finish first', async () => {
    const bench = await createBench(2);
    const { engine } = bench;
    const answers = [1, 2, 3].map(() => engine.run(createPixels(bench)));
    await engine.retireWorker(0);
    expect(engine.concurrencyFor('throughput')).to.equal(2);
    for (const answer of answers) expectRightAnswer(await answer);
    expectRightAnswer(await engine.run(createPixels(bench)));
  });

  it('rejects what is on its way when it is disposed of', async () => {
    const bench = await createBench(1);
    const codes = [1, 2].map(() => codeOf(bench.engine.run(createPixels(bench))));
    await bench.engine.dispose();
    expect(await Promise.all(codes)).to.deep.equal(['worker-failed', 'worker-failed']);
  });
});
