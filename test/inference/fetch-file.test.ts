import { expect } from '@open-wc/testing';
import { SegmenterError } from '../../src/errors.ts';
import { fetchFile } from '../../src/inference/fetch-file.ts';
import { FaultyServer } from '../helpers/faulty-server.ts';
import { breakCaches } from '../helpers/model-caches.ts';
import { codeOf, rejectionOf } from '../helpers/promises.ts';

const path = 'model.bin';
const offline = { refuse: true } as const;

interface FetchOptions {
  readonly url?: string;
  readonly isPinned?: boolean;
  /** What is accepted; default: everything. */
  readonly only?: string;
  readonly signal?: AbortSignal;
  readonly onBytes?: (loaded: number, total: number) => void;
}

describe('fetchFile', () => {
  let server: FaultyServer;
  beforeEach(async () => {
    server = new FaultyServer();
    await server.answer(path, { body: 'first' });
  });

  function fetchText({
    url = server.urlOf(path),
    isPinned = false,
    only = '',
    signal = new AbortController().signal,
    onBytes = () => {},
  }: FetchOptions = {}): Promise<string> {
    return fetchFile({
      url,
      limit: { bytes: 1000, explain: (url) => new SegmenterError('model-invalid', url) },
      expectedBytes: 0,
      isPinned,
      onBytes,
      signal,
      accept: (bytes) => {
        const text = new TextDecoder().decode(bytes);
        if (!only || text === only) return text;
        throw new SegmenterError('model-integrity', text);
      },
    });
  }

  async function statuses(): Promise<number[]> {
    return (await server.requests(path)).map(({ status }) => status);
  }

  describe('with a copy in the cache', () => {
    beforeEach(() => fetchText());

    it('asks whether it is the newest', async () => {
      expect(await fetchText()).to.equal('first');
      expect(await statuses()).to.deep.equal([200, 304]);
    });

    it('asks nobody if only that one will do', async () => {
      expect(await fetchText({ isPinned: true, only: 'first' })).to.equal('first');
      expect(await statuses()).to.deep.equal([200]);
    });

    it('gets another one if that does not do', async () => {
      await server.answer(path, { body: 'second' });
      expect(await fetchText({ isPinned: true, only: 'second' })).to.equal('second');
    });

    it('gets the next version, and keeps it', async () => {
      await server.answer(path, { body: 'second' });
      expect(await fetchText()).to.equal('second');
      await server.answer(path, offline);
      expect(await fetchText()).to.equal('second');
    });

    it('makes do with it offline', async () => {
      await server.answer(path, offline);
      expect(await fetchText()).to.equal('first');
    });

    it('makes do with it while the server is in trouble', async () => {
      await server.answer(path, { status: 503 });
      expect(await fetchText()).to.equal('first');
      expect((await statuses()).at(-1)).to.equal(503);
    });

    it('does not hide that the server has no such file any more', async () => {
      await server.answer(path, { status: 404 });
      expect(await codeOf(fetchText())).to.equal('model-fetch');
    });

    it('stays as it is where the next version will not do', async () => {
      await server.answer(path, { body: '<html>' });
      expect(await codeOf(fetchText({ only: 'first' }))).to.equal('model-integrity');
      await server.answer(path, offline);
      expect(await fetchText()).to.equal('first');
    });

    it('tells progress as of a download', async () => {
      const told: number[][] = [];
      await fetchText({ onBytes: (...progress) => told.push(progress) });
      expect(told).to.deep.equal([
        [0, 5],
        [5, 5],
      ]);
    });
  });

  it('takes what is in the URL where the page may connect to nothing', async () => {
    const { fetch } = globalThis;
    globalThis.fetch = () => Promise.reject(new TypeError('blocked'));
    try {
      const url = `data:application/octet-stream;base64,${btoa('first')}`;
      expect(await fetchText({ url, only: 'first' })).to.equal('first');
    } finally {
      globalThis.fetch = fetch;
    }
  });

  it('tells that a URL holds no base64', async () => {
    expect(await codeOf(fetchText({ url: 'data:;base64,?' }))).to.equal('model-fetch');
  });

  it('keeps nothing that is not accepted', async () => {
    expect(await codeOf(fetchText({ only: 'second' }))).to.equal('model-integrity');
    await server.answer(path, { status: 500, headers: { 'Retry-After': 3600 } });
    expect(await codeOf(fetchText())).to.equal('model-fetch');
  });

  it('downloads once for several at once', async () => {
    const pinned = { isPinned: true, only: 'first' };
    const texts = await Promise.all([fetchText(pinned), fetchText(pinned), fetchText(pinned)]);
    expect(texts).to.deep.equal(['first', 'first', 'first']);
    expect(await statuses()).to.deep.equal([200]);
  });

  describe('while another one downloads', () => {
    async function createPair() {
      await server.answer(path, { body: 'first', holdAfter: 2 }, { body: 'first' });
      const aborts = [new AbortController(), new AbortController()] as const;
      const first = rejectionOf(fetchText({ signal: aborts[0].signal }));
      while ((await statuses()).length === 0);
      return { aborts, first, second: fetchText({ signal: aborts[1].signal }) };
    }

    it('rejects at once when it is aborted', async () => {
      const { aborts, first, second } = await createPair();
      aborts[1].abort();
      expect(await codeOf(second)).to.equal('AbortError');
      expect(await statuses()).to.deep.equal([200]);
      aborts[0].abort();
      await first;
    });

    it('takes over when that one gives up', async () => {
      const { aborts, first, second } = await createPair();
      aborts[0].abort();
      expect(await first).to.equal(aborts[0].signal.reason);
      expect(await second).to.equal('first');
    });
  });

  describe('without a cache', () => {
    for (const method of ['open', 'put'] as const) {
      it(`downloads each time (${method} fails)`, async () => {
        const restore = breakCaches(method);
        try {
          expect(await fetchText()).to.equal('first');
          expect(await fetchText()).to.equal('first');
        } finally {
          restore();
        }
        expect(await statuses()).to.deep.equal([200, 200]);
      });
    }
  });
});
