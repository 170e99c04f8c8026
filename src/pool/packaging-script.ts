/**
 * Where workers, models and wasm files are for the script-tag build: beside the script, or under `asset-base`.
 * Takes the place of `packaging.ts` there.
 */
import { SegmenterError } from '../errors.ts';
import { trustScriptUrl } from '../util/trust-script-url.ts';
import type { LocateModel, LocateWasm, StartWorker } from './packaging-types.ts';

const besideScript = import.meta.url;

/** One blob a worker script, for as long as the page lives: ONNX Runtime's threads load it again. */
const blobUrls = new Map<string, Promise<string>>();

/** A browser starts a worker only from the page's own origin, so one from a CDN goes through a blob. */
export const startWorker: StartWorker = async (name, assetBase) => {
  const url = new URL(`void-segmenter.${name}.js`, assetBase || besideScript);
  const options = { type: 'module', name: `void-segmenter ${name}` } as const;
  const isOwn = url.origin === location.origin;
  return new Worker(trustScriptUrl(isOwn ? url.href : await fetchAsBlobUrl(url.href)), options);
};

export const locateModel: LocateModel = (name, assetBase) => ({
  url: new URL(`models/${name}.json`, assetBase || besideScript).href,
  fileUrl: '',
});

export const locateWasm: LocateWasm = (name, assetBase) =>
  new URL(`${name}.wasm`, assetBase || besideScript).href;

function fetchAsBlobUrl(url: string): Promise<string> {
  let blobUrl = blobUrls.get(url);
  if (!blobUrl) {
    blobUrl = fetchScript(url);
    blobUrls.set(url, blobUrl);
    // A failure is not remembered.
    blobUrl.catch(() => blobUrls.delete(url));
  }
  return blobUrl;
}

async function fetchScript(url: string): Promise<string> {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    return URL.createObjectURL(new Blob([await response.text()], { type: 'text/javascript' }));
  } catch (error) {
    throw new SegmenterError(
      'worker-failed',
      `The worker script ${url} could not be loaded. Serve all files of the package's dist folder together, with Access-Control-Allow-Origin and allowed by the page's connect-src if from another origin, or name their folder by \`asset-base\`.`,
      { cause: error },
    );
  }
}
