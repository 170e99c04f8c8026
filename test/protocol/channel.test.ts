import { expect } from '@open-wc/testing';

import { SegmenterError } from '../../src/errors.ts';
import { Channel } from '../../src/protocol/channel.ts';
import type { NoRequests } from '../../src/protocol/messages.ts';
import {
  RequestServer,
  Transfer,
  type RequestHandlers,
} from '../../src/protocol/request-server.ts';
import { codeOf, createDeferred, finishDueWork, rejectionOf } from '../helpers/promises.ts';

type Requests = {
  work: { params: unknown; result: unknown };
};
type Notices = { note: unknown };

type Asking = Channel<Requests, Notices, NoRequests, Notices>;
type Answering = Channel<NoRequests, Notices, Requests, Notices>;

interface Pair {
  readonly asking: Asking;
  readonly answering: Answering;
  /** What the answering side was told. */
  readonly heard: unknown[];
  /** What the asking side was told. */
  readonly heardBack: unknown[];
  /** Everything that the asking side sent. */
  readonly sent: { readonly kind: string }[];
  readonly askingPort: MessagePort;
  readonly answeringPort: MessagePort;
}

const open: { close(): void }[] = [];

/** Two ends of a conversation; `work` answers the requests. */
function createPair(work: RequestHandlers<Requests>['work'] = (params) => Promise.resolve(params)) {
  const { port1, port2 } = new MessageChannel();
  const heard: unknown[] = [];
  const heardBack: unknown[] = [];
  const sent: { readonly kind: string }[] = [];
  port2.addEventListener('message', ({ data }) => sent.push(data as { kind: string }));
  const asking: Asking = new Channel<Requests, Notices, NoRequests, Notices>(port1, null, {
    note: (params) => heardBack.push(params),
  });
  const answering: Answering = new Channel<NoRequests, Notices, Requests, Notices>(
    port2,
    new RequestServer<Requests>({ work }),
    { note: (params) => heard.push(params) },
  );
  open.push(port1, port2);
  const ports = { askingPort: port1, answeringPort: port2 };
  const pair: Pair = { asking, answering, heard, heardBack, sent, ...ports };
  return pair;
}

/** Resolves once everything that was sent so far has arrived: messages do not overtake each other. */
function roundTrip({ asking }: Pair): Promise<unknown> {
  return asking.request('work', 'round trip');
}

/** Resolves once all that the answering side sent has arrived, even if its channel is closed. */
async function arriveBack({ answeringPort, askingPort }: Pair): Promise<void> {
  await finishDueWork();
  const end = createDeferred();
  askingPort.addEventListener('message', ({ data }) => {
    if ((data as { params?: unknown }).params === 'end') end.resolve();
  });
  answeringPort.postMessage({ kind: 'notice', type: 'note', params: 'end' });
  await end.promise;
}

function createBuffer(): ArrayBuffer {
  return Uint8Array.of(1, 2, 3).buffer;
}

/** Answers no request, but tells when one came, with its signal. */
function createStuckPair() {
  const started = createDeferred<AbortSignal>();
  const pair = createPair((_, signal) => {
    started.resolve(signal);
    return new Promise(() => {});
  });
  return { ...pair, started: started.promise };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });
}

describe('Channel', () => {
  afterEach(() => {
    for (const port of open.splice(0)) port.close();
  });

  describe('request', () => {
    it('resolves with the answer', async () => {
      const { asking } = createPair((params) => Promise.resolve({ got: params }));
      expect(await asking.request('work', [1, 2])).to.deep.equal({ got: [1, 2] });
    });

    it('gives each answer to the one who asked, whatever the order of answers', async () => {
      const first = createDeferred();
      const { asking } = createPair(async (params) => {
        if (params === 'first') await first.promise;
        else first.resolve();
        return params;
      });
      const answers = ['first', 'second'].map((params) => asking.request('work', params));
      expect(await Promise.all(answers)).to.deep.equal(['first', 'second']);
    });

    it('rebuilds a typed error with its code', async () => {
      const { asking } = createPair(() =>
        Promise.reject(new SegmenterError('model-integrity', 'Not the same.')),
      );
      const error = await rejectionOf(asking.request('work', null));
      expect(error).to.be.instanceOf(SegmenterError);
      expect(error).to.include({ code: 'model-integrity', message: 'Not the same.' });
    });

    it('makes an untyped error worker-failed', async () => {
      const { asking } = createPair(() => Promise.reject(new TypeError('a slip')));
      const error = await rejectionOf(asking.request('work', null));
      expect(error).to.include({ code: 'worker-failed', message: 'a slip' });
    });

    it('rejects when the handler throws before it returns a promise', async () => {
      const { asking } = createPair(() => {
        throw new SegmenterError('model-invalid', 'Damaged.');
      });
      expect(await codeOf(asking.request('work', null))).to.equal('model-invalid');
    });

    it('rejects with worker-failed when the answer cannot be sent', async () => {
      const { asking } = createPair(() => Promise.resolve(() => 'a function'));
      expect(await codeOf(asking.request('work', null))).to.equal('worker-failed');
    });

    it('rejects when the parameters cannot be sent', async () => {
      const { asking } = createPair();
      const params = (): string => 'a function';
      expect(await codeOf(asking.request('work', params))).to.equal('DataCloneError');
    });

    it('works on after parameters that could not be sent', async () => {
      const { asking } = createPair();
      await rejectionOf(asking.request('work', () => 'a function'));
      expect(await asking.request('work', 'next')).to.equal('next');
    });
  });

  describe('AbortSignal', () => {
    it('rejects the call with AbortError', async () => {
      const { asking, started } = createStuckPair();
      const abort = new AbortController();
      const call = asking.request('work', null, { signal: abort.signal });
      await started;
      abort.abort();
      expect(await codeOf(call)).to.equal('AbortError');
    });

    it('rejects with AbortError whatever the reason of the abort', async () => {
      const { asking } = createStuckPair();
      const abort = new AbortController();
      const call = asking.request('work', null, { signal: abort.signal });
      abort.abort(new TypeError('because'));
      expect(await codeOf(call)).to.equal('AbortError');
    });

    it('reaches the other side', async () => {
      const { asking, started } = createStuckPair();
      const abort = new AbortController();
      const call = rejectionOf(asking.request('work', null, { signal: abort.signal }));
      const signal = await started;
      abort.abort();
      await Promise.all([call, aborted(signal)]);
      expect(signal.aborted).to.equal(true);
    });

    it('leaves the other calls alone', async () => {
      const cancelled = createDeferred();
      const pair = createPair(async (params, signal) => {
        if (params === 'cancelled') await aborted(signal).then(cancelled.resolve);
        else await cancelled.promise;
        return { params, aborted: signal.aborted };
      });
      const abort = new AbortController();
      const call = rejectionOf(pair.asking.request('work', 'cancelled', { signal: abort.signal }));
      const other = pair.asking.request('work', 'other');
      abort.abort();
      await call;
      expect(await other).to.deep.equal({ params: 'other', aborted: false });
    });

    it('sends nothing when it is aborted already', async () => {
      const pair = createPair();
      const call = pair.asking.request('work', 1, { signal: AbortSignal.abort() });
      await rejectionOf(call);
      await roundTrip(pair);
      expect(pair.sent).to.have.length(1);
    });

    it('rejects with AbortError when it is aborted already', async () => {
      const { asking } = createPair();
      const call = asking.request('work', 1, { signal: AbortSignal.abort() });
      expect(await codeOf(call)).to.equal('AbortError');
    });

    it('detaches nothing when it is aborted already', async () => {
      const { asking } = createPair();
      const buffer = createBuffer();
      const options = { transfer: [buffer], signal: AbortSignal.abort() };
      await rejectionOf(asking.request('work', buffer, options));
      expect(buffer.byteLength).to.equal(3);
    });

    it('sends no cancel once the answer is there', async () => {
      const pair = createPair();
      const abort = new AbortController();
      await pair.asking.request('work', 1, { signal: abort.signal });
      abort.abort();
      await roundTrip(pair);
      expect(pair.sent.map(({ kind }) => kind)).to.deep.equal(['request', 'request']);
    });

    it('drops an answer that comes too late', async () => {
      const release = createDeferred();
      const pair = createPair(async (params) => {
        if (params === 'late') await release.promise;
        return params;
      });
      const abort = new AbortController();
      const call = pair.asking.request('work', 'late', { signal: abort.signal });
      abort.abort();
      await rejectionOf(call);
      release.resolve();
      expect(await roundTrip(pair)).to.equal('round trip');
    });
  });

  describe('close', () => {
    it('rejects all waiting calls with its reason', async () => {
      const { asking } = createStuckPair();
      const calls = [1, 2, 3].map((n) => rejectionOf(asking.request('work', n)));
      const reason = new SegmenterError('device-lost', 'Gone.');
      asking.close(reason);
      expect(await Promise.all(calls)).to.deep.equal([reason, reason, reason]);
    });

    it('rejects with worker-failed when it has no reason', async () => {
      const { asking } = createStuckPair();
      const call = asking.request('work', null);
      asking.close();
      expect(await codeOf(call)).to.equal('worker-failed');
    });

    it('rejects the calls that come after it, with the same reason', async () => {
      const { asking } = createPair();
      const reason = new SegmenterError('device-lost', 'Gone.');
      asking.close(reason);
      expect(await rejectionOf(asking.request('work', null))).to.equal(reason);
    });

    it('keeps its first reason', async () => {
      const { asking } = createPair();
      const reason = new SegmenterError('device-lost', 'Gone.');
      asking.close(reason);
      asking.close(new SegmenterError('worker-failed', 'Again.'));
      expect(await rejectionOf(asking.request('work', null))).to.equal(reason);
    });

    it('aborts what runs on its own side', async () => {
      const { asking, answering, started } = createStuckPair();
      asking.request('work', null).catch(() => {});
      const signal = await started;
      answering.close();
      expect(signal.aborted).to.equal(true);
    });

    it('sends no more notices', async () => {
      const pair = createPair();
      pair.answering.notify('note', 'before');
      pair.answering.close();
      pair.answering.notify('note', 'after');
      await arriveBack(pair);
      expect(pair.heardBack).to.deep.equal(['before', 'end']);
    });

    it('answers no more', async () => {
      const release = createDeferred();
      const started = createDeferred();
      const pair = createPair(async () => {
        started.resolve();
        await release.promise;
      });
      let hasAnswer = false;
      const note = (): boolean => (hasAnswer = true);
      pair.asking.request('work', null).then(note, note);
      await started.promise;
      pair.answering.close();
      release.resolve();
      await arriveBack(pair);
      expect(hasAnswer).to.equal(false);
    });

    it('hears no more', async () => {
      const pair = createPair();
      pair.answering.notify('note', 'unheard');
      pair.asking.close();
      await arriveBack(pair);
      expect(pair.heardBack).to.deep.equal([]);
    });
  });

  describe('notify', () => {
    it('is heard on the other side, in order', async () => {
      const pair = createPair();
      pair.asking.notify('note', 1);
      pair.asking.notify('note', { two: 2 });
      await roundTrip(pair);
      expect(pair.heard).to.deep.equal([1, { two: 2 }]);
    });

    it('is heard in the direction back', async () => {
      const pair = createPair();
      pair.answering.notify('note', 'back');
      await roundTrip(pair);
      expect(pair.heardBack).to.deep.equal(['back']);
    });
  });

  describe('transfer', () => {
    it('detaches the buffer of a request', () => {
      const { asking } = createPair();
      const buffer = createBuffer();
      void asking.request('work', buffer, { transfer: [buffer] });
      expect(buffer.byteLength).to.equal(0);
    });

    it('brings the bytes of a request', async () => {
      const { asking } = createPair((params) =>
        Promise.resolve([...new Uint8Array(params as ArrayBuffer)]),
      );
      const buffer = createBuffer();
      expect(await asking.request('work', buffer, { transfer: [buffer] })).to.deep.equal([1, 2, 3]);
    });

    it('copies a buffer that is not in the list', () => {
      const { asking } = createPair();
      const buffer = createBuffer();
      void asking.request('work', buffer);
      expect(buffer.byteLength).to.equal(3);
    });

    it('detaches the buffer of a notice', () => {
      const { asking } = createPair();
      const buffer = createBuffer();
      asking.notify('note', buffer, [buffer]);
      expect(buffer.byteLength).to.equal(0);
    });

    it('detaches the buffer of a Transfer answer', async () => {
      const buffer = createBuffer();
      const { asking } = createPair(() => Promise.resolve(new Transfer(buffer, [buffer])));
      await asking.request('work', null);
      expect(buffer.byteLength).to.equal(0);
    });

    it('brings the value of a Transfer answer, without its wrapping', async () => {
      const buffer = createBuffer();
      const { asking } = createPair(() => Promise.resolve(new Transfer({ buffer }, [buffer])));
      const answer = (await asking.request('work', null)) as { buffer: ArrayBuffer };
      expect([...new Uint8Array(answer.buffer)]).to.deep.equal([1, 2, 3]);
    });

    it('copies the buffer of a plain answer', async () => {
      const buffer = createBuffer();
      const { asking } = createPair(() => Promise.resolve(buffer));
      await asking.request('work', null);
      expect(buffer.byteLength).to.equal(3);
    });

    it('brings a buffer there and back without a copy being left', async () => {
      const { asking } = createPair((params) => {
        const buffer = params as ArrayBuffer;
        new Uint8Array(buffer)[0] = 9;
        return Promise.resolve(new Transfer(buffer, [buffer]));
      });
      const buffer = createBuffer();
      const back = await asking.request('work', buffer, { transfer: [buffer] });
      expect([...new Uint8Array(back as ArrayBuffer)]).to.deep.equal([9, 2, 3]);
    });
  });
});
