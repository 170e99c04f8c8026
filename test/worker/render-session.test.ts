import { expect } from '@open-wc/testing';
import { Channel } from '../../src/protocol/channel.ts';
import type {
  FrameOutcome,
  NoRequests,
  RenderEvents,
  RenderNotices,
  RenderRequests,
} from '../../src/protocol/messages.ts';
import { OrtRuntime } from '../../src/inference/ort-session.ts';
import { RenderSession } from '../../src/worker/render-session.ts';
import { createFigure, decode, pixelAt } from '../helpers/element.ts';
import { ort } from '../helpers/ort.ts';

interface Harness {
  readonly page: Channel<RenderRequests, RenderNotices, NoRequests, RenderEvents>;
  /** Devices that the session asked for, oldest first. */
  readonly devices: readonly GPUDevice[];
  /** Sends a frame; resolves with what became of it. */
  show(): Promise<FrameOutcome>;
  /** Resolves with the next event of this name. */
  next<T extends keyof RenderEvents>(name: T): Promise<RenderEvents[T]>;
}

/** A session on this thread, its two ends joined by a MessageChannel, so that the test can lose its device. */
async function createHarness(): Promise<Harness> {
  const devices: GPUDevice[] = [];
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor);
    devices.push(device);
    return device;
  };
  after(() => {
    GPUAdapter.prototype.requestDevice = requestDevice;
  });
  const { port1, port2 } = new MessageChannel();
  const listeners = new Map<string, (value: never) => void>();
  const tell = (name: string) => (value: unknown) => listeners.get(name)?.(value as never);
  const page = new Channel<RenderRequests, RenderNotices, NoRequests, RenderEvents>(port1, null, {
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
  });
  new RenderSession(port2, new OrtRuntime(ort));
  page.notify('wasm', { module: null });
  const next: Harness['next'] = (name) =>
    new Promise((resolve) => listeners.set(name, (value) => resolve(value)));
  const url = new URL('/test/assets/models/green.json', location.href).href;
  await page.request('load', {
    backend: 'webgpu',
    model: { url, fileUrl: '', integrity: '' },
    assets: { wasmUrl: '' },
    powerPreference: '',
    mustBeFast: false,
  });
  const show = async (): Promise<FrameOutcome> => {
    const frame = await createFigure();
    const outcome = next('frame');
    page.notify('frame', { frame, timestampUs: 7, capturedAtMs: 0 }, [frame]);
    return outcome;
  };
  return { page, devices, show, next };
}

describe('RenderSession', () => {
  it('recovers from a lost device on a new one, and gives up after a second loss within a minute', async () => {
    const { page, devices, show, next } = await createHarness();
    const canvas = new OffscreenCanvas(1, 1);
    page.notify('canvas', { canvas }, [canvas]);
    expect((await show()).kind).to.equal('shown');
    expect(devices).to.have.length(1);

    const recovered = next('recovered');
    devices[0]?.destroy();
    await recovered;
    expect(devices).to.have.length(2);
    expect((await show()).kind).to.equal('shown');
    const blob = await page.request('snapshot', { type: 'image/png', quality: 1 });
    const image = await decode(blob);
    // The green figure stays, the red wall does not.
    expect(pixelAt(image, 0.5, 0.5)[3]).to.equal(255);
    expect(pixelAt(image, 0.02, 0.02)[3]).to.equal(0);

    const failed = next('failed');
    devices[1]?.destroy();
    expect((await failed).code).to.equal('device-lost');
    expect(devices).to.have.length(2);
    page.close();
  });
});
