/**
 * Where workers, models and wasm files are: as a bundler arranges them, each named by a `new URL(…, import.meta.url)` that it finds and
 * rewrites, or, for those that do not, under `asset-base`, as in the package's `dist`. The script-tag build swaps this module for
 * `packaging-script.ts`.
 */
import type {
  BuiltInModel,
  LocateModel,
  LocateWasm,
  StartWorker,
  WorkerName,
} from './packaging-types.ts';

const workers: Record<WorkerName, () => Worker> = {
  render: () => new Worker(new URL('../worker/render.ts', import.meta.url), { type: 'module' }),
  'render-jspi': () =>
    new Worker(new URL('../worker/render-jspi.ts', import.meta.url), { type: 'module' }),
  'render-asyncify': () =>
    new Worker(new URL('../worker/render-asyncify.ts', import.meta.url), { type: 'module' }),
  'inference-wasm': () =>
    new Worker(new URL('../worker/inference-wasm.ts', import.meta.url), { type: 'module' }),
};

const models: Record<BuiltInModel, { readonly url: URL; readonly fileUrl: URL }> = {
  selfie: {
    url: new URL('../../models/selfie.json', import.meta.url),
    fileUrl: new URL('../../models/selfie.onnx', import.meta.url),
  },
  'selfie-landscape': {
    url: new URL('../../models/selfie-landscape.json', import.meta.url),
    fileUrl: new URL('../../models/selfie-landscape.onnx', import.meta.url),
  },
};

export const startWorker: StartWorker = (name, assetBase) =>
  assetBase
    ? new Worker(new URL(`void-segmenter.${name}.js`, assetBase), { type: 'module' })
    : workers[name]();

export const locateModel: LocateModel = (name, assetBase) => {
  if (assetBase) return { url: new URL(`models/${name}.json`, assetBase).href, fileUrl: '' };
  const { url, fileUrl } = models[name];
  return { url: url.href, fileUrl: fileUrl.href };
};

export const locateWasm: LocateWasm = (name, assetBase) =>
  assetBase && new URL(`${name}.wasm`, assetBase).href;
