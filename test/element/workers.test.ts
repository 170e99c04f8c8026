import { expect } from '@open-wc/testing';

import type { VoidSegmenterElement } from '../../src/index.ts';
import {
  clipUrl,
  createElement,
  greenModel,
  nextEvent,
  removeElements,
  stateOf,
} from '../helpers/element.ts';

/** The real workers that the page starts, in the order of starting. */
const inferenceWorkers: Worker[] = [];
/** From this many on the browser refuses another inference worker, as it does without memory. */
let mostWorkers = Infinity;

const RealWorker = window.Worker;

class WatchedWorker extends RealWorker {
  constructor(url: string | URL, options?: WorkerOptions) {
    const isInference = String(url).includes('inference');
    if (isInference && inferenceWorkers.length >= mostWorkers) {
      throw new RangeError('Out of memory');
    }
    super(url, options);
    if (isInference) inferenceWorkers.push(this);
  }
}

function play(properties: Partial<VoidSegmenterElement> = {}): VoidSegmenterElement {
  return createElement({
    backend: 'wasm',
    model: greenModel,
    src: clipUrl,
    autoplay: true,
    muted: true,
    loop: true,
    ...properties,
  });
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** Waits for frames after this moment. */
async function untilShown(element: VoidSegmenterElement, frames: number): Promise<void> {
  const before = element.getStats().shownFrames;
  await until(() => element.getStats().shownFrames >= before + frames);
}

function newest(): Worker {
  const worker = inferenceWorkers.at(-1);
  if (!worker) throw new Error('No inference worker was started.');
  return worker;
}

/** Throws in the worker, outside any request. */
function crash(worker: Worker): void {
  worker.postMessage({ kind: 'notice', type: 'nonsense', params: null });
}

describe('<void-segmenter> inference workers', () => {
  before(() => {
    window.Worker = WatchedWorker;
  });

  after(() => {
    window.Worker = RealWorker;
  });

  afterEach(() => {
    removeElements();
    inferenceWorkers.length = 0;
    mostWorkers = Infinity;
  });

  it('is one as long as that is enough', async () => {
    const element = play();
    await stateOf(element, 'running');
    expect(element.getStats().workers).to.equal(1);
  });

  it('are as many as the attribute says', async () => {
    const element = play();
    element.setAttribute('workers', '3');
    await stateOf(element, 'running');
    await until(() => element.getStats().workers === 3);
    await untilShown(element, 10);
    expect(inferenceWorkers).to.have.length(3);
  });

  it('are replaced when one is terminated in the middle of a frame', async () => {
    const element = play({ workers: 2 });
    await stateOf(element, 'running');
    await until(() => element.getStats().workers === 2);
    newest().terminate();
    await until(() => inferenceWorkers.length === 3);
    await untilShown(element, 10);
    await until(() => element.getStats().workers === 2);
    expect(element.state).to.equal('running');
  });

  it('are replaced when the only one throws', async () => {
    const element = play({ workers: 1 });
    await stateOf(element, 'running');
    crash(newest());
    await until(() => inferenceWorkers.length === 2);
    await untilShown(element, 10);
    expect([element.state, element.getStats().workers]).to.deep.equal(['running', 1]);
  });

  it('fail for good when three are lost within a minute, and start again when a setter changes', async () => {
    const element = play({ workers: 1 });
    await stateOf(element, 'running');
    const failure = nextEvent(element, 'void-error');
    for (let lost = 1; lost <= 3; lost++) {
      await until(() => inferenceWorkers.length === lost);
      await untilShown(element, 2);
      crash(newest());
    }
    const { error } = await failure;
    expect([error.code, error.fatal, element.state]).to.deep.equal([
      'worker-failed',
      true,
      'failed',
    ]);
    element.workers = 2;
    await stateOf(element, 'running');
  });

  it('are fewer when there is no memory for more', async () => {
    mostWorkers = 1;
    const element = play({ workers: 4 });
    await stateOf(element, 'running');
    await untilShown(element, 10);
    expect([element.state, element.getStats().workers]).to.deep.equal(['running', 1]);
  });

  it('take no number that makes no sense, and keep the last good one', async () => {
    const element = play({ workers: 2 });
    await stateOf(element, 'running');
    const failure = nextEvent(element, 'void-error');
    element.setAttribute('workers', 'many');
    const { error } = await failure;
    expect([error.code, error.fatal]).to.deep.equal(['option-invalid', false]);
    expect(error.message).to.contain('workers="many"');
    await until(() => element.getStats().workers === 2);
    expect(element.state).to.equal('running');
  });
});
