import { expect } from '@open-wc/testing';
import { SegmenterError } from '../../src/errors.ts';
import { download, type DownloadOptions } from '../../src/inference/download.ts';
import { FaultyServer } from '../helpers/faulty-server.ts';
import { codeOf, messageOf, rejectionOf } from '../helpers/promises.ts';

/** A file of 247 kB. */
const path = 'models/selfie.onnx';
const holdAfter = 100_000;
/** Back at once, so that tests need not wait. */
const busy = { status: 503, headers: { 'Retry-After': 0 } } as const;
const otherOrigins = { 'Access-Control-Allow-Origin': '*' } as const;
const exposing = {
  ...otherOrigins,
  'Access-Control-Expose-Headers': 'ETag, Content-Range',
} as const;

function createOptions(options: Partial<DownloadOptions> = {}): DownloadOptions {
  return {
    limit: { bytes: 1_000_000, explain: (url) => new SegmenterError('model-invalid', url) },
    expectedBytes: 0,
    tries: 5,
    onBytes: () => {},
    signal: new AbortController().signal,
    ...options,
  };
}

async function bytesOf(url: string, options?: Partial<DownloadOptions>): Promise<Uint8Array> {
  return (await download(url, createOptions(options)))?.bytes ?? new Uint8Array();
}

async function originalBytes(): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(`/${path}`)).arrayBuffer());
}

/** The same file by another name of the same server. */
function crossOrigin(url: string): string {
  return url.replace('//localhost', '//127.0.0.1');
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

describe('download', () => {
  let server: FaultyServer;
  let url: string;
  beforeEach(() => {
    server = new FaultyServer();
    url = server.urlOf(path);
  });

  async function statuses(): Promise<number[]> {
    return (await server.requests(path)).map(({ status }) => status);
  }

  /** Breaks each connection that is held, once something has come. */
  function bytesOverBroken(from: string): Promise<Uint8Array> {
    const onBytes = (loaded: number): void => {
      if (loaded > 0) void server.breakConnections();
    };
    return bytesOf(from, { onBytes });
  }

  describe('after a broken connection', () => {
    const resumed: readonly [what: string, headers: Record<string, string | null>][] = [
      ['vouched for by an ETag', {}],
      [
        'vouched for by an old date',
        { ETag: null, 'Last-Modified': 'Wed, 01 Jan 2025 00:00:00 GMT' },
      ],
    ];
    for (const [what, headers] of resumed) {
      it(`asks for the rest alone of a file ${what}`, async () => {
        await server.answer(path, { holdAfter, headers }, { headers });
        expect(isEqual(await bytesOverBroken(url), await originalBytes())).to.equal(true);
        const [, second] = await server.requests(path);
        expect(second?.status).to.equal(206);
        expect(second?.range).to.match(/^bytes=[1-9]\d*-$/);
        expect(second?.ifRange).to.not.equal('');
      });
    }

    it('asks again where the second connection broke, too', async () => {
      await server.answer(path, { holdAfter }, { holdAfter: 50_000 }, {});
      expect(isEqual(await bytesOverBroken(url), await originalBytes())).to.equal(true);
      expect(await statuses()).to.deep.equal([200, 206, 206]);
    });

    it('begins again if the file has changed', async () => {
      await server.answer(path, { holdAfter }, { body: 'another' });
      expect(new TextDecoder().decode(await bytesOverBroken(url))).to.equal('another');
      expect(await statuses()).to.deep.equal([200, 200]);
    });

    it('begins again if the server sends something else than the rest', async () => {
      const headers = { 'Content-Range': 'bytes 7-9/10' };
      await server.answer(path, { holdAfter }, { headers }, {});
      expect(isEqual(await bytesOverBroken(url), await originalBytes())).to.equal(true);
      expect(await statuses()).to.deep.equal([200, 206, 200]);
    });

    it('takes the whole file from a server that knows no ranges', async () => {
      await server.answer(path, { holdAfter }, { noRanges: true });
      expect(isEqual(await bytesOverBroken(url), await originalBytes())).to.equal(true);
    });

    const unvouched: readonly [what: string, answer: object][] = [
      ['that nobody vouches for', { headers: { ETag: null } }],
      ['with a weak ETag', { headers: { ETag: 'W/"1"' } }],
      ['of unknown length', { headers: { 'Content-Length': null } }],
      ['that is compressed', { gzip: true }],
    ];
    for (const [what, answer] of unvouched) {
      it(`begins again with a file ${what}`, async () => {
        await server.answer(path, { holdAfter, ...answer }, answer);
        expect(isEqual(await bytesOverBroken(url), await originalBytes())).to.equal(true);
        const [, second] = await server.requests(path);
        expect(second?.range).to.equal('');
      });
    }

    it('goes on when nothing comes any more', async () => {
      await server.answer(path, { holdAfter }, {});
      expect(isEqual(await bytesOf(url, { patienceMs: 1000 }), await originalBytes())).to.equal(
        true,
      );
      expect((await statuses()).slice(0, 2)).to.deep.equal([200, 206]);
    });
  });

  describe('from another origin', () => {
    beforeEach(() => {
      url = crossOrigin(url);
    });

    it('asks for the rest without asking for permission', async () => {
      await server.answer(path, { holdAfter, headers: exposing }, { headers: exposing });
      expect(isEqual(await bytesOverBroken(url), await originalBytes())).to.equal(true);
      const requests = await server.requests(path);
      expect(requests.map(({ status, ifRange }) => [status, ifRange])).to.deep.equal([
        [200, ''],
        [206, ''],
      ]);
    });

    it('begins again where the version is hidden', async () => {
      await server.answer(path, { holdAfter, headers: otherOrigins }, { headers: otherOrigins });
      expect(isEqual(await bytesOverBroken(url), await originalBytes())).to.equal(true);
      expect(await statuses()).to.deep.equal([200, 200]);
    });

    it('sees a known version by its ETag', async () => {
      await server.answer(path, { headers: exposing });
      const first = await download(url, createOptions());
      const known = first?.validators ?? { etag: '', lastModified: '' };
      expect(await download(url, createOptions({ known }))).to.equal(null);
      expect((await server.requests(path)).at(-1)?.ifNoneMatch).to.equal('');
    });
  });

  describe('from a server in trouble', () => {
    for (const status of [408, 429, 500, 503]) {
      it(`tries again after ${status}`, async () => {
        await server.answer(path, { ...busy, status }, {});
        expect(isEqual(await bytesOf(url), await originalBytes())).to.equal(true);
      });
    }

    it('tries again after no answer at all', async () => {
      const refusal = { refuse: true };
      // A browser tries once more by itself.
      await server.answer(path, refusal, refusal, refusal, {});
      expect(isEqual(await bytesOf(url), await originalBytes())).to.equal(true);
    });

    it('tries so often and no oftener', async () => {
      await server.answer(path, busy);
      expect(await codeOf(bytesOf(url, { tries: 3 }))).to.equal('model-fetch');
      expect(await statuses()).to.deep.equal([503, 503, 503]);
    });

    it('says what the server answered', async () => {
      await server.answer(path, busy);
      expect(await messageOf(bytesOf(url, { tries: 1 }))).to.include('answered 503');
    });

    for (const wait of ['3600', 'Fri, 01 Jan 2100 00:00:00 GMT']) {
      it(`does not wait until ${wait}`, async () => {
        await server.answer(path, { status: 429, headers: { 'Retry-After': wait } });
        expect(await codeOf(bytesOf(url))).to.equal('model-fetch');
        expect(await statuses()).to.deep.equal([429]);
      });
    }

    it('asks once for a file that is not there', async () => {
      await server.answer(path, { status: 404 });
      expect(await codeOf(bytesOf(url))).to.equal('model-fetch');
      expect(await statuses()).to.deep.equal([404]);
    });

    it('stops waiting when it is aborted', async () => {
      await server.answer(path, { status: 503, headers: { 'Retry-After': 29 } });
      const abort = new AbortController();
      const rejection = rejectionOf(bytesOf(url, { signal: abort.signal }));
      while ((await statuses()).length === 0);
      abort.abort();
      expect(await rejection).to.equal(abort.signal.reason);
      expect(await statuses()).to.deep.equal([503]);
    });
  });

  describe('progress', () => {
    async function totalsOf(options?: Partial<DownloadOptions>) {
      const told: [loaded: number, total: number][] = [];
      const onBytes = (loaded: number, total: number): void => void told.push([loaded, total]);
      const { length } = await bytesOf(url, { ...options, onBytes });
      expect(told[0]?.[0], 'the first').to.equal(0);
      expect(told.at(-1), 'the last').to.deep.equal([length, length]);
      return new Set(told.slice(0, -1).map(([, total]) => total));
    }

    it('counts a plain file against its length', async () => {
      const { length } = await originalBytes();
      expect(await totalsOf()).to.deep.equal(new Set([length]));
    });

    it('has no total for a compressed file', async () => {
      await server.answer(path, { gzip: true });
      expect(await totalsOf()).to.deep.equal(new Set([0]));
    });

    it('counts a compressed file against the size that the manifest tells', async () => {
      await server.answer(path, { gzip: true });
      const { length } = await originalBytes();
      expect(await totalsOf({ expectedBytes: length })).to.deep.equal(new Set([length]));
    });

    it('gives up a total that is passed', async () => {
      expect(await totalsOf({ expectedBytes: 1 })).to.deep.equal(new Set([1, 0]));
    });
  });

  describe('of a file that is too large', () => {
    const limit = createOptions().limit;

    it('rejects by what the server says of it', async () => {
      // Firefox tells of an answer once its first bytes are there.
      await server.answer(path, { holdAfter: 1, headers: { 'Content-Length': 2_000_000_000 } });
      expect(await codeOf(bytesOf(url))).to.equal('model-invalid');
    });

    it('rejects by what has come of it', async () => {
      await server.answer(path, { holdAfter, headers: { 'Content-Length': null } });
      const call = bytesOf(url, { limit: { ...limit, bytes: holdAfter - 1 } });
      expect(await codeOf(call)).to.equal('model-invalid');
    });
  });

  describe('of a known version', () => {
    async function downloadAgain() {
      const first = await download(url, createOptions());
      const known = first?.validators ?? { etag: '', lastModified: '' };
      return download(url, createOptions({ known }));
    }

    it('leaves it where it is', async () => {
      expect(await downloadAgain()).to.equal(null);
      expect(await statuses()).to.deep.equal([200, 304]);
    });

    it('leaves it where it is by its date', async () => {
      const headers = { ETag: null, 'Last-Modified': 'Wed, 01 Jan 2025 00:00:00 GMT' };
      await server.answer(path, { headers });
      expect(await downloadAgain()).to.equal(null);
    });

    it('gets the next one', async () => {
      await server.answer(path, {}, { body: 'another' });
      expect((await downloadAgain())?.bytes.length).to.equal(7);
    });

    it('gets it again if nobody tells the version', async () => {
      await server.answer(path, { headers: { ETag: null } });
      expect((await downloadAgain())?.bytes.length).to.be.greaterThan(7);
    });
  });
});
