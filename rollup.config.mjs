import { copyFile, cp, mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import nodeResolve from '@rollup/plugin-node-resolve';
import { build } from 'esbuild';
import esbuild, { minify } from 'rollup-plugin-esbuild';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('.', import.meta.url));
const workers = ['render', 'render-jspi', 'render-asyncify', 'inference-wasm'];
const wasmFiles = [
  'ort-wasm-simd-threaded.wasm',
  'ort-wasm-simd-threaded.jspi.wasm',
  'ort-wasm-simd-threaded.asyncify.wasm',
];

/** TypeScript, and WGSL as text. */
function sources() {
  return esbuild({ target: 'es2022', loaders: { '.wgsl': 'text', '.glsl': 'text' } });
}

/** `new URL('../worker/render.ts', import.meta.url)` stays as it is, for bundlers to find, but names the built file. */
function builtWorkerNames() {
  return {
    name: 'built-worker-names',
    renderChunk: (code) => ({
      code: code.replace(
        /new URL\((["'])([^"']+)\.ts\1, import\.meta\.url\)/g,
        (_, quote, path) => `new URL(${quote}${path}.js${quote}, import.meta.url)`,
      ),
      map: null,
    }),
  };
}

/** A script tag has no bundler that arranges workers, models and wasm files. */
function scriptPackaging() {
  return {
    name: 'script-packaging',
    resolveId(source, importer) {
      if (!importer || !source.endsWith('/packaging.ts')) return null;
      return join(dirname(importer), source.replace(/packaging\.ts$/, 'packaging-script.ts'));
    },
  };
}

/** Models, wasm files and licences beside the script. */
function assets() {
  return {
    name: 'assets',
    async writeBundle({ dir }) {
      const ortDist = dirname(require.resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
      await mkdir(dir, { recursive: true });
      await cp(join(root, 'models'), join(dir, 'models'), { recursive: true });
      for (const file of wasmFiles) await copyFile(join(ortDist, file), join(dir, file));
      await copyFile(
        join(root, 'tools/third-party-licenses.txt'),
        join(dir, 'third-party-licenses.txt'),
      );
    },
  };
}

const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

/** A file that needs no other: nothing is left to import. */
function selfContained(input, fileName, contents, ...plugins) {
  return {
    input,
    output: {
      dir: 'dist',
      entryFileNames: fileName,
      format: 'es',
      inlineDynamicImports: true,
      banner: `/*! void-segmenter ${version}, Apache-2.0; with ${contents}. See third-party-licenses.txt. */`,
    },
    plugins: [
      scriptPackaging(),
      nodeResolve({ exportConditions: ['browser'] }),
      sources(),
      minify({ target: 'es2022', legalComments: 'none' }),
      ...plugins,
    ],
  };
}

/** CommonJS packages of `void-model` as modules, with what they need inside. */
const commonJsModules = {
  // It looks for `long` by an `eval` that a bundle hides from it, and without that loses digits of 64-bit integers.
  'onnx-proto': `
    import onnxProto from 'onnx-proto';
    import protobuf from 'protobufjs/minimal.js';
    import Long from 'long';
    protobuf.util.Long = Long;
    protobuf.configure();
    export default onnxProto;`,
  'jpeg-js': `
    import jpeg from 'jpeg-js';
    export const { decode } = jpeg;`,
  pngjs: `
    import pngjs from 'pngjs';
    export const { PNG } = pngjs;`,
};

function commonJs() {
  const banner = `
    import { createRequire } from 'node:module';
    const require = createRequire(import.meta.url);`;
  return {
    name: 'common-js',
    resolveId: (source) => (Object.hasOwn(commonJsModules, source) ? source : null),
    async load(id) {
      if (!Object.hasOwn(commonJsModules, id)) return null;
      const stdin = { contents: commonJsModules[id], resolveDir: root };
      const { outputFiles } = await build({
        stdin,
        bundle: true,
        platform: 'node',
        format: 'esm',
        write: false,
        banner: { js: banner },
      });
      return outputFiles[0].text;
    },
  };
}

/** The command line: one file for Node, which needs ONNX Runtime Web beside it to run models. */
const voidModel = {
  input: 'tools/void-model/cli.ts',
  external: [/^node:/, /^onnxruntime-web\//],
  output: {
    file: 'dist/void-model.js',
    format: 'es',
    inlineDynamicImports: true,
    banner: `/*! void-model ${version}, Apache-2.0; with onnx-proto (MIT), protobuf.js (BSD-3-Clause), long.js (Apache-2.0), jpeg-js (BSD-3-Clause) and pngjs (MIT). See third-party-licenses.txt. */`,
  },
  plugins: [commonJs(), sources(), minify({ target: 'node20', legalComments: 'none' })],
};

export default [
  // For bundlers: one file a module, so that folders, and with them relative URLs, are those of the sources.
  {
    input: [
      ...['index', 'segmenter', 'react'].map((name) => `src/${name}.ts`),
      ...workers.map((name) => `src/worker/${name}.ts`),
    ],
    external: [/^lit($|\/)/, /^onnxruntime-web\//, '@lit/react', 'react'],
    output: {
      dir: 'dist',
      format: 'es',
      preserveModules: true,
      preserveModulesRoot: 'src',
      // Hooks, of which the component is made, run in client components alone.
      banner: ({ fileName }) => (fileName === 'react.js' ? `'use client';` : ''),
    },
    plugins: [sources(), builtWorkerNames()],
  },
  // For a script tag: one file for the page, one for each worker.
  selfContained('src/index.ts', 'void-segmenter.min.js', 'lit (BSD-3-Clause)', assets()),
  ...workers.map((name) =>
    selfContained(
      `src/worker/${name}.ts`,
      `void-segmenter.${name}.js`,
      name === 'render' ? 'no other code' : 'ONNX Runtime Web (MIT)',
    ),
  ),
  voidModel,
];
