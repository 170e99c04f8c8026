import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * For the test runner: serves each worker's script in one piece, made once a run. Tests start hundreds of workers, of more than a
 * hundred modules each.
 */
export function bundleWorkers() {
  const bundles = new Map();
  return {
    name: 'bundle-workers',
    async serve(context) {
      const { path } = context;
      if (context.get('Sec-Fetch-Dest') !== 'worker' || !path.startsWith('/src/worker/')) return;
      if (!bundles.has(path)) bundles.set(path, bundle(path));
      return { body: await bundles.get(path), type: 'js' };
    },
  };
}

/** ONNX Runtime stays a file of its own, from which it starts its threads. */
async function bundle(path) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [root + path],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    loader: { '.wgsl': 'text', '.glsl': 'text' },
    external: ['onnxruntime-web'],
    sourcemap: 'inline',
  });
  return outputFiles[0].text;
}
