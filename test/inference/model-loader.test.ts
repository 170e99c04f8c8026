import { expect } from '@open-wc/testing';

import { loadModelFile, type ModelFile } from '../../src/inference/model-loader.ts';
import { FaultyServer } from '../helpers/faulty-server.ts';
import { codeOf, messageOf, rejectionOf } from '../helpers/promises.ts';

type Progress = { loaded: number; total: number; asset: string };

const manifestUrl = new URL('/test/assets/models/green.json', location.href).href;
const modelUrl = new URL('/test/assets/models/green.onnx', location.href).href;
const otherModelUrl = new URL('/test/assets/models/green-wide.onnx', location.href).href;
const lfsPointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 462\n`;

const blobUrls: string[] = [];

function createBlobUrl(...parts: BlobPart[]): string {
  const url = URL.createObjectURL(new Blob(parts));
  blobUrls.push(url);
  return url;
}

/** Large enough to come in several pieces; begins as an ONNX model does. */
function createLargeModelUrl(): string {
  return createBlobUrl(Uint8Array.of(8, 8), new Uint8Array(8_000_000));
}

/** A manifest: only a path can end in `.json`, so these are on the server. */
function helperUrl(file: string): string {
  return new URL(`/test/helpers/manifests/${file}`, location.href).href;
}

interface LoadOptions {
  readonly fileUrl?: string;
  readonly integrity?: string;
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

function load(
  url: string,
  {
    fileUrl = '',
    integrity = '',
    onProgress = () => {},
    signal = new AbortController().signal,
  }: LoadOptions = {},
): Promise<ModelFile> {
  return loadModelFile({ url, fileUrl, integrity }, onProgress, signal);
}

async function progressOf(url: string): Promise<Progress[]> {
  const all: Progress[] = [];
  await load(url, { onProgress: (progress) => all.push(progress) });
  return all;
}

async function fetchBytes(url: string): Promise<number[]> {
  return [...new Uint8Array(await (await fetch(url)).arrayBuffer())];
}

describe('loadModelFile', () => {
  afterEach(() => {
    for (const url of blobUrls.splice(0)) URL.revokeObjectURL(url);
  });

  it('finds the file beside its manifest', async () => {
    expect((await load(manifestUrl)).url).to.equal(modelUrl);
  });

  it('downloads the file that the manifest names', async () => {
    const { bytes } = await load(manifestUrl);
    expect([...bytes]).to.deep.equal(await fetchBytes(modelUrl));
  });

  it('returns what the manifest says', async () => {
    expect((await load(manifestUrl)).manifest?.input.width).to.equal(64);
  });

  it('sees a manifest in a URL with a query', async () => {
    expect((await load(`${manifestUrl}?v=2`)).url).to.equal(modelUrl);
  });

  it('takes the file from where the request says', async () => {
    const integrity = 'sha256-pPN13Yg78drIjee+Tc5PRKCqHp+Pz2atI81gE6UWytk=';
    const file = await load(manifestUrl, { fileUrl: otherModelUrl, integrity });
    expect([...file.bytes]).to.deep.equal(await fetchBytes(otherModelUrl));
  });

  it('reads a manifest that a bundler put into its URL', async () => {
    const inlined = `data:application/json;base64,${btoa(await (await fetch(manifestUrl)).text())}`;
    const { manifest, url } = await load(inlined, { fileUrl: modelUrl });
    expect(manifest?.name).to.equal('green');
    expect(url).to.equal(modelUrl);
  });

  it('finds the manifest beside a file', async () => {
    const { manifest, url } = await load(modelUrl);
    expect([manifest?.name, url]).to.deep.equal(['green', modelUrl]);
  });

  it('takes no manifest that is of another file', async () => {
    const url = helperUrl('lost-file.onnx');
    expect(await messageOf(load(url))).to.include('lost-file.onnx answered 404');
    expect((await load(createBlobUrl(Uint8Array.of(8, 8)))).manifest).to.equal(null);
  });

  it('loads a file without a manifest', async () => {
    const url = new URL('/test/assets/models/unsupported.onnx', location.href).href;
    const file = await load(url);
    expect([file.manifest, file.url]).to.deep.equal([null, url]);
  });

  describe('of weights in other files', () => {
    const splitUrl = new URL('/test/assets/models/split.onnx', location.href).href;

    it('loads what the model names beside it', async () => {
      const [data] = (await load(splitUrl)).externalData;
      expect(data?.path).to.equal('split.onnx.data');
      expect([...(data?.bytes ?? [])]).to.deep.equal(await fetchBytes(`${splitUrl}.data`));
    });

    it('checks them by the hash of the manifest', async () => {
      const call = load(helperUrl('wrong-weights.json'));
      expect(await codeOf(call)).to.equal('model-integrity');
      expect(await messageOf(call)).to.include('split.onnx.data');
    });

    it('rejects a model whose weights lie elsewhere', async () => {
      const bytes = await fetchBytes(splitUrl);
      const name = new TextEncoder().encode('split.onnx.data');
      const at = bytes.findIndex((_, i) => name.every((byte, k) => bytes[i + k] === byte));
      bytes.splice(at, name.length, ...new TextEncoder().encode('../../bad/place'));
      const call = load(createBlobUrl(Uint8Array.from(bytes)));
      expect(await codeOf(call)).to.equal('model-invalid');
    });
  });

  describe('progress', () => {
    it('begins at nothing', async () => {
      expect((await progressOf(createLargeModelUrl()))[0]?.loaded).to.equal(0);
    });

    it('only ever grows', async () => {
      const loaded = (await progressOf(createLargeModelUrl())).map((progress) => progress.loaded);
      expect(loaded.length).to.be.greaterThan(2);
      expect(loaded).to.deep.equal(loaded.toSorted((a, b) => a - b));
    });

    it('ends at the total', async () => {
      const last = (await progressOf(createLargeModelUrl())).at(-1);
      expect(last).to.include({ loaded: 8_000_002, total: 8_000_002 });
    });

    it('ends at the total of a file from the server', async () => {
      const last = (await progressOf(manifestUrl)).at(-1);
      const { length } = await fetchBytes(modelUrl);
      expect(last).to.deep.equal({ loaded: length, total: length, asset: 'green.onnx' });
    });

    it('is of the model alone, not of its manifest', async () => {
      const assets = (await progressOf(manifestUrl)).map(({ asset }) => asset);
      expect(new Set(assets)).to.deep.equal(new Set(['green.onnx']));
    });
  });

  describe('from a server', () => {
    const manifestPath = 'test/assets/models/green.json';
    const modelPath = 'test/assets/models/green.onnx';

    it('counts a compressed transfer against the bytes of the manifest', async () => {
      const server = new FaultyServer();
      const { length } = await fetchBytes(modelUrl);
      const manifest = (await (await fetch(manifestUrl)).json()) as object;
      await server.answer(manifestPath, { body: JSON.stringify({ ...manifest, bytes: length }) });
      await server.answer(modelPath, { gzip: true });
      const totals = (await progressOf(server.urlOf(manifestPath))).map(({ total }) => total);
      expect(new Set(totals)).to.deep.equal(new Set([length]));
    });

    it('rejects a model of more than 1 GiB with model-unsupported', async () => {
      const server = new FaultyServer();
      await server.answer(modelPath, { holdAfter: 1, headers: { 'Content-Length': 2 ** 30 + 1 } });
      expect(await codeOf(load(server.urlOf(modelPath)))).to.equal('model-unsupported');
    });

    it('rejects a manifest of more than 1 MiB with model-invalid', async () => {
      const server = new FaultyServer();
      await server.answer(manifestPath, { body: ' '.repeat(2 ** 20 + 1) });
      const message = await messageOf(load(server.urlOf(manifestPath)));
      expect(message).to.include('has more than 1 MiB');
    });
  });

  describe('with an integrity hash', () => {
    const wrong = 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';

    it('rejects another file with model-integrity', async () => {
      expect(await codeOf(load(modelUrl, { integrity: wrong }))).to.equal('model-integrity');
    });

    it('lets the request overrule the manifest', async () => {
      expect(await codeOf(load(manifestUrl, { integrity: wrong }))).to.equal('model-integrity');
    });

    it('checks by the hash of the manifest when the request has none', async () => {
      const call = load(manifestUrl, { fileUrl: otherModelUrl });
      expect(await codeOf(call)).to.equal('model-integrity');
    });
  });

  describe('abort', () => {
    it('rejects with AbortError midway', async () => {
      const abort = new AbortController();
      const onProgress = ({ loaded }: Progress): void => {
        if (loaded > 0) abort.abort();
      };
      const call = load(createLargeModelUrl(), { onProgress, signal: abort.signal });
      expect(await codeOf(call)).to.equal('AbortError');
    });

    it('stops the download midway', async () => {
      const abort = new AbortController();
      let last = 0;
      const onProgress = ({ loaded }: Progress): void => {
        last = loaded;
        if (loaded > 0) abort.abort();
      };
      await rejectionOf(load(createLargeModelUrl(), { onProgress, signal: abort.signal }));
      expect(last).to.be.within(1, 8_000_001);
    });

    it('rejects with AbortError when it came first', async () => {
      const call = load(modelUrl, { signal: AbortSignal.abort() });
      expect(await codeOf(call)).to.equal('AbortError');
    });

    it('rejects with AbortError during the manifest', async () => {
      const abort = new AbortController();
      const call = load(manifestUrl, { signal: abort.signal });
      abort.abort();
      expect(await codeOf(call)).to.equal('AbortError');
    });
  });

  const revokedUrl = URL.createObjectURL(new Blob(['gone']));
  URL.revokeObjectURL(revokedUrl);
  const failures: readonly [what: string, url: () => string, code: string, message: string][] = [
    ['a file that is not there', () => `${modelUrl}.missing`, 'model-fetch', '404'],
    ['a manifest that is not there', () => helperUrl('missing.json'), 'model-fetch', '404'],
    ['a URL that nobody answers', () => revokedUrl, 'model-fetch', 'could not be downloaded'],
    [
      'an HTML page',
      () => createBlobUrl('\n <!doctype html><title>Not found</title>'),
      'model-invalid',
      'is an HTML page',
    ],
    ['an empty file', () => createBlobUrl(), 'model-invalid', 'is empty'],
    ['an empty data: URL', () => 'data:application/octet-stream,', 'model-invalid', 'is empty'],
    ['a Git LFS pointer', () => createBlobUrl(lfsPointer), 'model-invalid', 'Git LFS pointer'],
    [
      'a file of another kind',
      () => createBlobUrl(Uint8Array.of(0x89, 0x50, 0x4e, 0x47)),
      'model-invalid',
      'does not begin as an ONNX model does',
    ],
    [
      'an HTML page for a manifest',
      () => 'data:text/html,<p>There is no model.json',
      'model-invalid',
      'is an HTML page',
    ],
    [
      'a manifest that is not JSON',
      () => 'data:application/json,model.json',
      'model-invalid',
      'should be JSON but is something else',
    ],
    [
      'a manifest with a bad field',
      () => helperUrl('bad-layout.json'),
      'model-invalid',
      '"input.layout" should be "nhwc" or "nchw", but is "nhcw"',
    ],
    [
      'a manifest whose file is not there',
      () => helperUrl('lost-file.json'),
      'model-fetch',
      'lost.onnx answered 404',
    ],
  ];
  for (const [what, url, code, message] of failures) {
    it(`rejects ${what} with ${code}`, async () => {
      expect(await codeOf(load(url()))).to.equal(code);
    });

    it(`says of ${what}: ${message}`, async () => {
      expect(await messageOf(load(url()))).to.include(message);
    });
  }

  it('names the URL of a manifest with a bad field', async () => {
    const url = helperUrl('bad-layout.json');
    expect(await messageOf(load(url))).to.include(url);
  });
});
