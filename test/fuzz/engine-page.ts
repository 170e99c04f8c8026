/** The part of the fuzz that runs in a page: broken models in real inference workers, and now and then in a whole element. */
import { SegmenterError } from '../../src/errors.ts';
import { spawn } from '../../src/pool/spawn.ts';
import { Channel } from '../../src/protocol/channel.ts';
import type {
  InferenceEvents,
  InferenceNotices,
  InferenceRequests,
  NoRequests,
} from '../../src/protocol/messages.ts';
import { createElement, createFigure, removeElements } from '../helpers/element.ts';
import { createGreen } from './absurd-models.ts';
import {
  createEngineCase,
  plainFacts,
  type EngineCase,
  type EngineSample,
} from './engine-cases.ts';
import { writeOnnx } from '../helpers/onnx.ts';
import { Random } from './random.ts';
import type { Failure } from './tally.ts';

/** How a case ended: `mask`, or the code of an error. */
export interface EngineEnd {
  readonly kind: string;
  readonly end: string;
}

export interface EngineResult {
  readonly ends: readonly EngineEnd[];
  readonly failures: readonly Failure[];
}

/** Much longer than any of them takes on a busy machine. */
const patienceMs = 60_000;
/** After so many a whole element gets a broken model, and then a good one. */
const elementEvery = 100;
/** After so many the worker gets a good model. */
const goodEvery = 20;

/** Codes that say of a broken model what is wrong. The others would be about the page or the device. */
const expectedCodes = ['model-invalid', 'model-unsupported', 'option-invalid', 'out-of-memory'];

const folder = '/test/assets/models/';

/** Runs the cases from `from` to the one before `to`. */
export async function fuzz(seed: number, from: number, to: number): Promise<EngineResult> {
  const samples = await Promise.all([
    readSample('green'),
    readSample('green-logit'),
    readSample('colors-planar'),
    readSample('selfie', '/models/'),
  ]);
  const ends: EngineEnd[] = [];
  const failures: Failure[] = [];
  const worker = new ReusedWorker();
  for (let index = from; index < to; index++) {
    const engineCase = createEngineCase(samples, Random.ofCase(seed, index));
    const isWhole = index % elementEvery === elementEvery - 1;
    const { kind } = engineCase;
    try {
      const end = isWhole ? await tryInElement(engineCase) : await worker.try(engineCase);
      ends.push({ kind, end });
      if (index % goodEvery === 0) await worker.tryGood();
    } catch (error) {
      const what =
        error instanceof SegmenterError ? `${error.code}: ${error.message}` : String(error);
      failures.push({ index, kind, what });
    }
  }
  worker.end();
  return { ends, failures };
}

async function readSample(name: string, from = folder): Promise<EngineSample> {
  const read = async (extension: string): Promise<Response> => fetch(`${from}${name}.${extension}`);
  const bytes = new Uint8Array(await (await read('onnx')).arrayBuffer());
  const { input, output } = (await (await read('json')).json()) as EngineSample['options'];
  return { name, bytes, options: { ...(input && { input }), ...(output && { output }) } };
}

/**
 * A worker that loads one model after the other. The page of a visitor takes a new one for each; that takes ten times as long, and leaves
 * nothing behind that a broken model may have spoilt.
 */
class ReusedWorker {
  #current: { worker: Worker; channel: PageChannel } | null = null;

  /** Loads and runs the model. */
  async try({ bytes, options }: EngineCase): Promise<string> {
    const { channel } = (this.#current ??= await startWorker());
    const url = URL.createObjectURL(new Blob([bytes]));
    const model = { url, fileUrl: '', integrity: '', options };
    const load = channel.request('load', { model, assets: { wasmUrl: '' }, threads: 1 });
    try {
      await withinPatience(load);
      return 'mask';
    } catch (error) {
      const isUsual = error instanceof SegmenterError && error.code !== 'out-of-memory';
      if (!isUsual || trap.test(error.message)) this.end();
      return endOf(error);
    } finally {
      URL.revokeObjectURL(url);
    }
  }

  /** Throws unless the worker still knows how. */
  async tryGood(): Promise<void> {
    const end = await this.try({ kind: '', bytes: writeOnnx(createGreen()), options: plainFacts });
    if (end !== 'mask') throw new Error(`After it a good model ended in ${end}.`);
  }

  end(): void {
    this.#current?.worker.terminate();
    this.#current = null;
  }
}

type PageChannel = Channel<InferenceRequests, InferenceNotices, NoRequests, InferenceEvents>;

/** After these a wasm instance is not used any more. */
const trap = /abort|unreachable|memory access|RuntimeError|table index|stack/i;

async function startWorker(): Promise<{ worker: Worker; channel: PageChannel }> {
  const worker = await spawn('inference-wasm', '', new AbortController().signal);
  const channel: PageChannel = new Channel<
    InferenceRequests,
    InferenceNotices,
    NoRequests,
    InferenceEvents
  >(worker, null, { hello: () => {}, progress: () => {}, opening: () => {} });
  worker.addEventListener('error', ({ message }) =>
    channel.close(new SegmenterError('worker-failed', message)),
  );
  channel.notify('wasm', { module: wasmModule });
  return { worker, channel };
}

/** What a visitor has: after a model that fails, one that works. */
async function tryInElement({ bytes, options }: EngineCase): Promise<string> {
  const broken = URL.createObjectURL(new Blob([bytes]));
  const good = URL.createObjectURL(new Blob([writeOnnx(createGreen())]));
  const element = createElement({ backend: 'wasm', model: broken, modelOptions: options });
  try {
    const picture = await createFigure();
    const end = await withinPatience(element.segment(picture)).then(() => 'mask', endOf);
    Object.assign(element, { model: good, modelOptions: plainFacts });
    const mask = await withinPatience(element.segment(picture, { output: 'alpha' }));
    const { data, width } = mask;
    if (!data || (data[0] ?? 255) > 10 || (data[24 * width + 32] ?? 0) < 245) {
      throw new Error('After it the element gave a wrong mask.');
    }
    return end;
  } finally {
    removeElements();
    URL.revokeObjectURL(broken);
    URL.revokeObjectURL(good);
  }
}

/** Throws the error itself if it does not say what is wrong with the model. */
function endOf(error: unknown): string {
  if (error instanceof SegmenterError && expectedCodes.includes(error.code)) return error.code;
  throw error;
}

async function withinPatience<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`It took more than ${patienceMs / 1000} s.`)),
      patienceMs,
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Compiled once: what is tried is the models. */
const wasmModule = await WebAssembly.compileStreaming(
  fetch('/node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm'),
);
