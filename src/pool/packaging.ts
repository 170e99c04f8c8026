/**
 * Where workers, models and wasm files are, as a bundler arranges them: each is named by a `new URL(…, import.meta.url)`
 * that bundlers find and rewrite. The script-tag build swaps this module for `packaging-script.ts`.
 */
import type {
  BuiltInModel,
  LocateModel,
  LocateWasm,
  StartWorker,
  WorkerName,
} from './packaging-types.ts';

const workers: Record<WorkerName, () => Worker> = {
  render: () =>
    new Worker(new URL('../worker/render.ts', import.meta.url), {
      type: 'module',
      name: 'void-segmenter render',
    }),
  'render-jspi': () =>
    new Worker(new URL('../worker/render-jspi.ts', import.meta.url), {
      type: 'module',
      name: 'void-segmenter render',
    }),
  'render-asyncify': () =>
    new Worker(new URL('../worker/render-asyncify.ts', import.meta.url), {
      type: 'module',
      name: 'void-segmenter render',
    }),
  'inference-wasm': () =>
    new Worker(new URL('../worker/inference-wasm.ts', import.meta.url), {
      type: 'module',
      name: 'void-segmenter inference',
    }),
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

export const startWorker: StartWorker = (name) => Promise.resolve().then(workers[name]);

export const locateModel: LocateModel = (name, assetBase) => {
  if (assetBase) return { url: new URL(`models/${name}.json`, assetBase).href, fileUrl: '' };
  const { url, fileUrl } = models[name];
  return { url: url.href, fileUrl: fileUrl.href };
};

export const locateWasm: LocateWasm = (name, assetBase) =>
  assetBase && new URL(`${name}.wasm`, assetBase).href;
