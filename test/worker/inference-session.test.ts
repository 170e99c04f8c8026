import { expect } from '@open-wc/testing';

import { Channel } from '../../src/protocol/channel.ts';
import type {
  InferenceEvents,
  InferenceNotices,
  InferenceRequests,
  LoadedModel,
  ModelRequest,
  NoNotices,
  NoRequests,
  SharedModel,
  TensorRequests,
} from '../../src/protocol/messages.ts';
import { codeOf, createDeferred } from '../helpers/promises.ts';

type PageChannel = Channel<InferenceRequests, InferenceNotices, NoRequests, InferenceEvents>;
type TensorChannel = Channel<TensorRequests, NoNotices, NoRequests, NoNotices>;

const sidePx = 64;
/** float32 and the order of operations; measured 2e-7. */
const tolerance = 1e-5;

const started: (Worker | MessagePort)[] = [];

function stopAll(): void {
  for (const item of started.splice(0)) {
    if (item instanceof Worker) item.terminate();
    else item.close();
  }
}

/**
 * A worker that has said hello, and what it told of its progress.
 *
 * @param module - ONNX Runtime's wasm file, compiled already.
 */
async function createWorker(module: WebAssembly.Module | null = null) {
  const worker = new Worker(new URL('../../src/worker/inference-wasm.ts', import.meta.url), {
    type: 'module',
  });
  started.push(worker);
  const hello = createDeferred();
  const progress: InferenceEvents['progress'][] = [];
  const page: PageChannel = new Channel<
    InferenceRequests,
    InferenceNotices,
    NoRequests,
    InferenceEvents
  >(worker, null, {
    hello: () => hello.resolve(),
    progress: (params) => progress.push(params),
    opening: () => {},
  });
  page.notify('wasm', { module });
  await hello.promise;
  return { page, progress };
}

async function connect(page: PageChannel): Promise<TensorChannel> {
  const { port1, port2 } = new MessageChannel();
  started.push(port1);
  await page.request('connect', { port: port2, lock: '' }, { transfer: [port2] });
  return new Channel<TensorRequests, NoNotices, NoRequests, NoNotices>(port1, null, {});
}

function createModelRequest(file: string, integrity = ''): ModelRequest {
  const url = new URL(`/test/assets/models/${file}`, location.href).href;
  return { url, fileUrl: '', integrity };
}

async function load(
  page: PageChannel,
  model: ModelRequest | SharedModel = createModelRequest('green.json'),
  signal?: AbortSignal,
): Promise<LoadedModel> {
  const params = { model, assets: { wasmUrl: '' }, threads: 1 };
  return (await page.request('load', params, { signal })).loaded;
}

/** A worker with the green model, ready to run. */
async function createLoaded() {
  const { page, progress } = await createWorker();
  const loaded = await load(page);
  return { page, progress, loaded, tensors: await connect(page) };
}

/** Every level of green occurs; red and blue run otherwise and are not to matter. */
function createPixels(shift = 0): Uint8Array<ArrayBuffer> {
  const pixels = new Uint8Array(sidePx * sidePx * 4);
  for (let i = 0; i < sidePx * sidePx; i++) {
    pixels.set([(i * 7) % 256, (i + shift) % 256, 255 - (i % 200), i % 3], 4 * i);
  }
  return pixels;
}

/** By construction of the model. */
function expectedMask(pixels: Uint8Array): number[] {
  return Array.from(
    { length: sidePx * sidePx },
    (_, i) => 1 / (1 + Math.exp(-20 * ((pixels[4 * i + 1] as number) / 255 - 0.5))),
  );
}

function run(tensors: TensorChannel, pixels: Uint8Array<ArrayBuffer>) {
  const params = {
    pixels: pixels.slice().buffer,
    mask: new ArrayBuffer(sidePx * sidePx * 4),
    categories: null,
    selection: null,
    continuity: 'alone' as const,
  };
  const answer = tensors.request('run', params, { transfer: [params.pixels, params.mask] });
  return { params, answer };
}

async function largestDifference(
  tensors: TensorChannel,
  pixels: Uint8Array<ArrayBuffer>,
): Promise<number> {
  const { mask } = await run(tensors, pixels).answer;
  const actual = new Float32Array(mask);
  return Math.max(...expectedMask(pixels).map((value, i) => Math.abs(value - (actual[i] ?? NaN))));
}

describe('inference worker', () => {
  describe('that has loaded a model', () => {
    let worker: Awaited<ReturnType<typeof createLoaded>>;
    before(async () => (worker = await createLoaded()));
    after(stopAll);

    it('says what it loaded', () => {
      const { model, backend, renderer, warmUpMs } = worker.loaded;
      expect([model.name, model.input.width, model.output.name, backend, renderer]).to.deep.equal([
        'green',
        sidePx,
        'mask',
        'wasm',
        '2d',
      ]);
      expect(warmUpMs).to.be.greaterThan(0);
    });

    it('tells its progress up to the whole file', () => {
      const { progress } = worker;
      const last = progress.at(-1);
      expect(progress.length).to.be.greaterThan(1);
      expect(last).to.deep.equal({ loaded: last?.total, total: last?.loaded, asset: 'green.onnx' });
      expect(last?.total).to.be.greaterThan(0);
    });

    it('answers with the mask', async () => {
      expect(await largestDifference(worker.tensors, createPixels())).to.be.lessThan(tolerance);
    });

    it('gives each of two runs at once its own mask', async () => {
      const differences = [createPixels(), createPixels(100)].map((pixels) =>
        largestDifference(worker.tensors, pixels),
      );
      expect(Math.max(...(await Promise.all(differences)))).to.be.lessThan(tolerance);
    });

    it('takes the buffers over, and gives them back', async () => {
      const pixels = createPixels();
      const { params, answer } = run(worker.tensors, pixels);
      const back = await answer;
      expect([params.pixels.byteLength, params.mask.byteLength]).to.deep.equal([0, 0]);
      expect(new Uint8Array(back.pixels)).to.deep.equal(pixels);
      expect(back.mask.byteLength).to.equal(sidePx * sidePx * 4);
    });

    it('runs again in the buffers that came back', async () => {
      const back = await run(worker.tensors, createPixels(100)).answer;
      const pixels = createPixels();
      new Uint8Array(back.pixels).set(pixels);
      const again = await worker.tensors.request(
        'run',
        { ...back, selection: null, continuity: 'alone' },
        { transfer: [back.pixels, back.mask] },
      );
      const expected = expectedMask(pixels);
      const differences = new Float32Array(again.mask).map((value, i) =>
        Math.abs(value - (expected[i] ?? NaN)),
      );
      expect(Math.max(...differences)).to.be.lessThan(tolerance);
    });

    it('answers on the port that was connected last', async () => {
      const tensors = await connect(worker.page);
      expect(await largestDifference(tensors, createPixels())).to.be.lessThan(tolerance);
    });

    it('replaces the model by the next one', async () => {
      const { model } = await load(worker.page, createModelRequest('green-wide.json'));
      expect([model.name, model.input.height]).to.deep.equal(['green-wide', 36]);
    });
  });

  describe('that has just started', () => {
    afterEach(stopAll);

    it('works with a file that has no manifest', async () => {
      const { page } = await createWorker();
      const { model } = await load(page, createModelRequest('green.onnx'));
      expect([model.input.width, model.input.height, model.input.layout]).to.deep.equal([
        sidePx,
        sidePx,
        'nhwc',
      ]);
    });

    it('takes a model that another worker has downloaded', async () => {
      const { page } = await createWorker();
      const assets = { wasmUrl: '' };
      const model = createModelRequest('green.json');
      const { file } = await page.request('load', { model, assets, threads: 1 });
      const { page: other } = await createWorker();
      // Where nothing can be downloaded.
      const loaded = await load(other, { ...file, url: 'https://nowhere.invalid/green.onnx' });
      expect(loaded.model.name).to.equal('green');
      const tensors = await connect(other);
      expect(await largestDifference(tensors, createPixels())).to.be.lessThan(tolerance);
    });

    it('runs on what another worker has compiled', async () => {
      const { page } = await createWorker();
      const model = createModelRequest('green.json');
      const { wasm } = await page.request('load', { model, assets: { wasmUrl: '' }, threads: 1 });
      expect(wasm.module).to.be.instanceOf(WebAssembly.Module);
      const { page: other } = await createWorker(wasm.module);
      // Where nothing can be compiled.
      const assets = { wasmUrl: 'https://nowhere.invalid/ort.wasm' };
      const answer = await other.request('load', { model, assets, threads: 1 });
      expect(answer.wasm.module).to.be.instanceOf(WebAssembly.Module);
      expect(await largestDifference(await connect(other), createPixels())).to.be.lessThan(
        tolerance,
      );
    });

    it('lets a run wait for the model that is being loaded', async () => {
      const { page } = await createWorker();
      const loading = load(page);
      const tensors = await connect(page);
      const difference = largestDifference(tensors, createPixels());
      await loading;
      expect(await difference).to.be.lessThan(tolerance);
    });

    it('rejects a run before a model is loaded', async () => {
      const { page } = await createWorker();
      const tensors = await connect(page);
      expect(await codeOf(run(tensors, createPixels()).answer)).to.equal('worker-failed');
    });

    it('rejects with AbortError when loading is aborted, and loads the next model', async () => {
      const { page } = await createWorker();
      const abort = new AbortController();
      const call = load(page, createModelRequest('green.json'), abort.signal);
      abort.abort();
      expect(await codeOf(call)).to.equal('AbortError');
      expect((await load(page)).model.name).to.equal('green');
    });
  });

  const otherHash = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';
  const bad: readonly [what: string, model: ModelRequest, code: string][] = [
    ['a file that is not there', createModelRequest('missing.onnx'), 'model-fetch'],
    ['a manifest that is not there', createModelRequest('missing.json'), 'model-fetch'],
    ['an HTML page', createModelRequest('html.onnx'), 'model-invalid'],
    ['a truncated file', createModelRequest('truncated.onnx'), 'model-invalid'],
    ['a model of something else', createModelRequest('unsupported.onnx'), 'model-unsupported'],
    ['a wrong hash', createModelRequest('green.json', otherHash), 'model-integrity'],
    ['a wrong answer', createModelRequest('broken-golden.json'), 'backend-unavailable'],
  ];

  describe('after all that went wrong before', () => {
    let page: PageChannel;
    before(async () => ({ page } = await createWorker()));
    after(stopAll);

    for (const [what, model, code] of bad) {
      it(`rejects ${what} with ${code}, and loads and runs a good model then`, async () => {
        expect(await codeOf(load(page, model))).to.equal(code);
        expect((await load(page)).model.name).to.equal('green');
        const tensors = await connect(page);
        expect(await largestDifference(tensors, createPixels())).to.be.lessThan(tolerance);
      });
    }
  });
});
