import { expect } from '@open-wc/testing';

import { InferencePool } from '../../src/pool/inference-pool.ts';
import { Channel } from '../../src/protocol/channel.ts';
import type {
  FrameOutcome,
  NoRequests,
  RenderEvents,
  RendererOption,
  RenderNotices,
  RenderRequests,
} from '../../src/protocol/messages.ts';
import { RenderSession } from '../../src/worker/render-session.ts';
import { createFigure, decode, pixelAt } from '../helpers/element.ts';

type Page = Channel<RenderRequests, RenderNotices, NoRequests, RenderEvents>;

interface Harness {
  readonly page: Page;
  /** What was loaded draws by this. */
  readonly renderer: string;
  /** Contexts by which the session drew, the newest last. */
  readonly contexts: WebGL2RenderingContext[];
  show(): Promise<FrameOutcome>;
  next<T extends keyof RenderEvents>(name: T): Promise<RenderEvents[T]>;
}

const ended: (() => void)[] = [];

/** A session on this thread, so that the test can take its context away, with a real inference worker. */
async function createHarness(renderer: RendererOption): Promise<Harness> {
  const contexts: WebGL2RenderingContext[] = [];
  const { getContext } = OffscreenCanvas.prototype;
  OffscreenCanvas.prototype.getContext = function (this: OffscreenCanvas, ...request: unknown[]) {
    const context: unknown = getContext.apply(this, request as Parameters<typeof getContext>);
    if (context instanceof WebGL2RenderingContext) contexts.push(context);
    return context;
  } as typeof getContext;
  ended.push(() => (OffscreenCanvas.prototype.getContext = getContext));
  const { port1, port2 } = new MessageChannel();
  const listeners = new Map<string, (value: never) => void>();
  const tell = (name: string) => (value: unknown) => listeners.get(name)?.(value as never);
  const page: Page = new Channel<RenderRequests, RenderNotices, NoRequests, RenderEvents>(
    port1,
    null,
    {
      hello: tell('hello'),
      progress: tell('progress'),
      opening: tell('opening'),
      frame: tell('frame'),
      mask: tell('mask'),
      optionRefused: tell('optionRefused'),
      recovered: tell('recovered'),
      workerWanted: tell('workerWanted'),
      workerDone: tell('workerDone'),
      failed: tell('failed'),
    },
  );
  new RenderSession(port2, null);
  const url = new URL('/test/assets/models/green.json', location.href).href;
  const model = { url, fileUrl: '', integrity: '' };
  const pool = new InferencePool(
    {
      model,
      assetBase: '',
      assets: { wasmUrl: '' },
      wasm: Promise.resolve({ module: null }),
      threads: 1,
    },
    new AbortController().signal,
  );
  const { loaded, line } = await pool.start(() => {});
  ended.push(
    () => pool.terminate(),
    () => page.close(),
  );
  const answer = await page.request(
    'load',
    { backend: 'wasm', loaded, worker: line, workers: 1, threads: 1, modelUrl: url, renderer },
    { transfer: [line.port] },
  );
  const canvas = new OffscreenCanvas(1, 1);
  page.notify('canvas', { canvas }, [canvas]);
  const next: Harness['next'] = (name) =>
    new Promise((resolve) => listeners.set(name, (value) => resolve(value)));
  const show = async (): Promise<FrameOutcome> => {
    const frame = await createFigure();
    const outcome = next('frame');
    page.notify('frame', { frame, timestampUs: 7, capturedAtMs: 0 }, [frame]);
    return outcome;
  };
  return { page, renderer: answer.renderer, contexts, show, next };
}

async function expectPersonAlone(page: Page): Promise<void> {
  const image = await decode(await page.request('snapshot', { type: 'image/png', quality: 1 }));
  // The green figure stays, the red wall does not.
  expect(pixelAt(image, 0.5, 0.5)).to.deep.equal([0, 240, 0, 255]);
  expect(pixelAt(image, 0.02, 0.02)).to.deep.equal([0, 0, 0, 0]);
}

describe('RenderSession with WebGL2', () => {
  afterEach(() => {
    for (const end of ended.splice(0)) end();
  });

  it('shows the person alone', async () => {
    const { page, renderer, show } = await createHarness('webgl2');
    expect(renderer).to.equal('webgl2');
    expect((await show()).kind).to.equal('shown');
    await expectPersonAlone(page);
  });

  it('is not chosen where WebGL runs in software', async () => {
    const { page, renderer, show } = await createHarness('auto');
    expect(renderer).to.equal('2d');
    expect((await show()).kind).to.equal('shown');
    await expectPersonAlone(page);
  });

  it('recovers from a lost context, and gives up after a second loss within a minute', async () => {
    const { page, contexts, show, next } = await createHarness('webgl2');
    expect((await show()).kind).to.equal('shown');
    const loss = contexts.at(-1)?.getExtension('WEBGL_lose_context');
    const recovered = next('recovered');
    loss?.loseContext();
    expect((await show()).kind).to.equal('dropped');
    // Browsers give a context back in a later task.
    setTimeout(() => loss?.restoreContext(), 50);
    await recovered;
    const snapshot = expectPersonAlone(page);
    expect((await show()).kind).to.equal('shown');
    await snapshot;

    const failed = next('failed');
    loss?.loseContext();
    expect((await failed).code).to.equal('device-lost');
  });

  it('gives up a context that does not come back', async () => {
    const { contexts, show, next } = await createHarness('webgl2');
    expect((await show()).kind).to.equal('shown');
    const failed = next('failed');
    contexts.at(-1)?.getExtension('WEBGL_lose_context')?.loseContext();
    const { code, message } = await failed;
    expect([code, message]).to.deep.equal(['device-lost', 'The WebGL context did not come back.']);
  });
});
