import { expect } from '@open-wc/testing';

import {
  fromWireError,
  isAbortError,
  SegmenterError,
  toSegmenterError,
  toWireError,
} from '../src/errors.ts';

/** As another thread sees it. */
function sendAcross(error: unknown): Error {
  return fromWireError(structuredClone(toWireError(error)));
}

describe('SegmenterError', () => {
  it('is an Error with a name of its own', () => {
    const error = new SegmenterError('model-fetch', 'It is gone.');
    expect(error).to.be.instanceOf(Error);
    expect(String(error)).to.equal('SegmenterError: It is gone.');
  });

  it('keeps its cause', () => {
    const cause = new TypeError('offline');
    expect(new SegmenterError('model-fetch', 'It is gone.', { cause }).cause).to.equal(cause);
  });

  it('is fatal only once the element has stopped because of it', () => {
    const error = new SegmenterError('model-fetch', 'Something.');
    expect(error.fatal).to.equal(false);
    error.markFatal();
    expect(error.fatal).to.equal(true);
  });
});

describe('isAbortError', () => {
  const abortErrorOfOurs = Object.assign(new Error('enough'), { name: 'AbortError' });
  for (const [what, value, expected] of [
    ['a DOMException named AbortError', new DOMException('enough', 'AbortError'), true],
    ['the reason of an aborted signal', AbortSignal.abort().reason, true],
    ['an Error named AbortError', abortErrorOfOurs, true],
    ['another DOMException', new DOMException('slow', 'TimeoutError'), false],
    ['a SegmenterError', new SegmenterError('worker-failed', 'AbortError'), false],
    ['a plain object named AbortError', { name: 'AbortError' }, false],
    ['undefined', undefined, false],
  ] as const) {
    it(`is ${expected} for ${what}`, () => {
      expect(isAbortError(value)).to.equal(expected);
    });
  }
});

describe('toSegmenterError', () => {
  it('returns a typed error as it is', () => {
    const error = new SegmenterError('model-invalid', 'Damaged.');
    expect(toSegmenterError(error, 'worker-failed')).to.equal(error);
  });

  it('gives an untyped error the fallback code', () => {
    expect(toSegmenterError(new TypeError('x'), 'model-fetch').code).to.equal('model-fetch');
  });

  it('keeps the untyped error as the cause', () => {
    const cause = new TypeError('x');
    expect(toSegmenterError(cause, 'model-fetch').cause).to.equal(cause);
  });

  it('takes a thrown string for the message', () => {
    expect(toSegmenterError('thrown text', 'model-fetch').message).to.equal('thrown text');
  });
});

describe('toWireError and fromWireError', () => {
  it('rebuild the class', () => {
    expect(sendAcross(new SegmenterError('device-lost', 'Gone.'))).to.be.instanceOf(SegmenterError);
  });

  it('carry code and message', () => {
    expect(sendAcross(new SegmenterError('device-lost', 'Gone.'))).to.include({
      code: 'device-lost',
      message: 'Gone.',
    });
  });

  it('carry name and message of the cause', () => {
    const cause = new TypeError('offline');
    const error = sendAcross(new SegmenterError('model-fetch', 'Gone.', { cause }));
    expect((error.cause as Error).message).to.equal('TypeError: offline');
  });

  it('leave an error without a cause without one', () => {
    expect(sendAcross(new SegmenterError('model-fetch', 'Gone.')).cause).to.equal(undefined);
  });

  it('keep an abort an abort', () => {
    expect(isAbortError(sendAcross(new DOMException('enough', 'AbortError')))).to.equal(true);
  });

  it('make an untyped error worker-failed', () => {
    expect(sendAcross(new RangeError('too far'))).to.include({
      code: 'worker-failed',
      message: 'too far',
    });
  });

  it('give an untyped error the fallback that is named', () => {
    expect(toWireError(new Error('x'), 'model-invalid').code).to.equal('model-invalid');
  });

  it('do not let the fallback replace a code', () => {
    const error = new SegmenterError('device-lost', 'Gone.');
    expect(toWireError(error, 'model-invalid').code).to.equal('device-lost');
  });

  it('carry a thrown value that is no error', () => {
    expect(sendAcross('thrown text')).to.include({ code: 'worker-failed', message: 'thrown text' });
  });
});
