/** How long pixels and masks are on their way between two threads, without the model between. Runs in a page. */

/** A way of handing over, and the milliseconds of each round trip. */
export interface TransferReport {
  readonly way: 'transferred' | 'shared';
  readonly roundTripMs: readonly number[];
}

/** Of `selfie`: RGBA of 256x256 there, float32 of 256x256 back. */
const bufferBytes = 4 * 256 * 256;
const warmUpTrips = 200;
const trips = 2000;

/** Answers as an inference worker does that needs no time. `state[0]` is 1 while the worker has its turn. */
const workerCode = `
  const mask = new Uint8Array(${bufferBytes}).fill(7);
  const fill = (buffer) => new Uint8Array(buffer).set(mask);
  onmessage = async ({ data }) => {
    if (!data.state) {
      fill(data.mask);
      postMessage(data, [data.pixels, data.mask]);
      return;
    }
    const state = new Int32Array(data.state);
    for (;;) {
      const turn = Atomics.waitAsync(state, 0, 0);
      if (turn.async) await turn.value;
      fill(data.mask);
      Atomics.store(state, 0, 0);
      Atomics.notify(state, 0);
    }
  };
`;

/** Both ways in turn; the second only where the page is cross-origin isolated. */
export async function measureTransfers(): Promise<TransferReport[]> {
  const url = URL.createObjectURL(new Blob([workerCode], { type: 'text/javascript' }));
  const pixels = new Uint8Array(bufferBytes).fill(1);
  const ways: [TransferReport['way'], (worker: Worker) => () => Promise<void>][] = [
    ['transferred', (worker) => createTransfer(worker, pixels)],
  ];
  if (crossOriginIsolated) ways.push(['shared', (worker) => createShared(worker, pixels)]);
  const reports: TransferReport[] = [];
  for (const [way, create] of ways) {
    const worker = new Worker(url);
    const trip = create(worker);
    const roundTripMs: number[] = [];
    for (let i = 0; i < warmUpTrips + trips; i++) {
      const startMs = performance.now();
      await trip();
      if (i >= warmUpTrips) roundTripMs.push(performance.now() - startMs);
    }
    worker.terminate();
    reports.push({ way, roundTripMs });
  }
  URL.revokeObjectURL(url);
  return reports;
}

/** What PooledEngine does. */
function createTransfer(worker: Worker, pixels: Uint8Array): () => Promise<void> {
  let buffers = { pixels: new ArrayBuffer(bufferBytes), mask: new ArrayBuffer(bufferBytes) };
  const answer = new Uint8Array(bufferBytes);
  return async () => {
    new Uint8Array(buffers.pixels).set(pixels);
    const back = new Promise<typeof buffers>((resolve) => {
      worker.onmessage = ({ data }) => resolve(data as typeof buffers);
    });
    worker.postMessage(buffers, [buffers.pixels, buffers.mask]);
    buffers = await back;
    answer.set(new Uint8Array(buffers.mask));
  };
}

function createShared(worker: Worker, pixels: Uint8Array): () => Promise<void> {
  const create = (): SharedArrayBuffer => new SharedArrayBuffer(bufferBytes);
  const buffers = { pixels: create(), mask: create(), state: new SharedArrayBuffer(4) };
  const state = new Int32Array(buffers.state);
  const answer = new Uint8Array(bufferBytes);
  worker.postMessage(buffers);
  return async () => {
    new Uint8Array(buffers.pixels).set(pixels);
    Atomics.store(state, 0, 1);
    Atomics.notify(state, 0);
    const turn = Atomics.waitAsync(state, 0, 1);
    if (turn.async) await turn.value;
    answer.set(new Uint8Array(buffers.mask));
  };
}
