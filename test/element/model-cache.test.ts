import { expect } from '@open-wc/testing';
import { VoidSegmenterElement } from '../../src/index.ts';
import {
  createElement,
  createFigure,
  nextEvent,
  removeElements,
  stateOf,
} from '../helpers/element.ts';
import { FaultyServer } from '../helpers/faulty-server.ts';
import { codeOf } from '../helpers/promises.ts';

const manifest = 'test/assets/models/green.json';
const file = 'test/assets/models/green.onnx';
const offline = { refuse: true } as const;

describe('models in the cache', () => {
  let server: FaultyServer;
  let model: string;
  beforeEach(() => {
    server = new FaultyServer();
    model = server.urlOf(manifest);
  });
  afterEach(removeElements);

  async function goOffline(): Promise<void> {
    await server.answer(manifest, offline);
    await server.answer(file, offline);
  }

  async function downloads(): Promise<number> {
    return (await server.requests(file)).length;
  }

  async function run(): Promise<void> {
    const element = createElement({ backend: 'wasm', model, srcObject: await createFigure() });
    await stateOf(element, 'running');
  }

  it('are downloaded once for two elements', async () => {
    await Promise.all([run(), run()]);
    expect(await downloads()).to.equal(1);
  });

  it('run offline in the next element', async () => {
    await run();
    removeElements();
    await goOffline();
    await run();
    expect(await downloads()).to.equal(1);
  });

  it('run offline where they were only preloaded', async () => {
    expect(await VoidSegmenterElement.preload(model)).to.equal(true);
    await goOffline();
    await run();
  });

  it('tell progress when they are preloaded', async () => {
    const told: { loaded: number; total: number; asset: string }[] = [];
    await VoidSegmenterElement.preload(model, { onProgress: (progress) => told.push(progress) });
    const last = told.at(-1);
    expect(told[0]?.loaded).to.equal(0);
    expect(last).to.deep.equal({ loaded: last?.total, total: last?.loaded, asset: 'green.onnx' });
  });

  it('cannot be preloaded where they are not', async () => {
    const page = server.urlOf('test/assets/models/html.onnx');
    expect(await codeOf(VoidSegmenterElement.preload(page))).to.equal('model-invalid');
    const missing = server.urlOf('missing.onnx');
    await server.answer('missing.onnx', { status: 404 });
    expect(await codeOf(VoidSegmenterElement.preload(missing))).to.equal('model-fetch');
  });

  it('stop being preloaded at an abort', async () => {
    await server.answer(file, { holdAfter: 10 });
    const abort = new AbortController();
    const code = codeOf(VoidSegmenterElement.preload(model, { signal: abort.signal }));
    while ((await downloads()) === 0);
    abort.abort();
    expect(await code).to.equal('AbortError');
  });

  it('are gone after clearCache', async () => {
    await VoidSegmenterElement.preload(model);
    await VoidSegmenterElement.clearCache();
    await goOffline();
    const element = createElement({ backend: 'wasm', model, srcObject: await createFigure() });
    const { error } = await nextEvent(element, 'void-error');
    expect(error.code).to.equal('model-fetch');
  });

  it('come from where a prefetch hint has put them', async () => {
    const headers = { 'Cache-Control': 'max-age=600' };
    await server.answer(file, { headers });
    const hint = Object.assign(document.createElement('link'), {
      rel: 'prefetch',
      as: 'fetch',
      crossOrigin: 'anonymous',
      href: server.urlOf(file),
    });
    const fetched = new Promise((resolve) => (hint.onload = resolve));
    document.head.append(hint);
    await fetched;
    await run();
    hint.remove();
    expect(await downloads()).to.equal(1);
  });
});
