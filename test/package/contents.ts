import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { installedPackage } from './installed-package.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

const { app, folder, files, packageJson } = installedPackage;

function readText(path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

/** Adds what apps without React need not install. */
function linkPeer(name: string): void {
  const link = join(app, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(join(root, 'node_modules', name), link, 'junction');
}

describe('contents', () => {
  it('has all that a page needs', () => {
    const workers = ['render', 'render-jspi', 'render-asyncify', 'inference-wasm'];
    const wasm = ['', '.jspi', '.asyncify'].map((build) => `ort-wasm-simd-threaded${build}.wasm`);
    const models = ['selfie', 'selfie-landscape'].flatMap((name) => [
      `models/${name}.json`,
      `models/${name}.onnx`,
    ]);
    const wanted = [
      ...['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', 'NOTICE', 'custom-elements.json'],
      ...models,
      ...['index', 'segmenter', 'react'].flatMap((name) => [
        `dist/${name}.js`,
        `dist/${name}.d.ts`,
      ]),
      ...workers.map((name) => `dist/worker/${name}.js`),
      ...['min', ...workers].map((name) => `dist/void-segmenter.${name}.js`),
      'dist/void-model.js',
      ...[...wasm, ...models, 'third-party-licenses.txt'].map((name) => `dist/${name}`),
    ];
    assert.deepEqual(
      wanted.filter((path) => !files.includes(path)),
      [],
    );
  });

  it('has nothing of the workshop', () => {
    const allowed =
      /^(dist|models)\/|^(package\.json|README\.md|CHANGELOG\.md|LICENSE|NOTICE|custom-elements\.json)$/;
    const isLeftover = (path: string): boolean =>
      !allowed.test(path) || (path.endsWith('.ts') && !path.endsWith('.d.ts'));
    assert.deepEqual(files.filter(isLeftover), []);
  });

  it('has a file for everything that package.json names', () => {
    const targets = Object.values(packageJson.exports)
      .flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)))
      .map((target) => target.replace('*', 'selfie.onnx'));
    for (const target of [...targets, packageJson.customElements, packageJson['web-types']]) {
      assert.ok(existsSync(join(folder, target)), target);
    }
  });

  it('imports under Node without touching a browser', () => {
    const script = `
      const { VoidSegmenterElement } = await import('void-segmenter');
      const { Segmenter } = await import('void-segmenter/segmenter.js');
      if (!VoidSegmenterElement || !Segmenter) throw new Error('an export is missing');`;
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: app });
  });

  it('renders its React component under Node', () => {
    for (const name of ['react', 'react-dom', '@lit/react']) linkPeer(name);
    const script = `
      const { VoidSegmenter } = await import('void-segmenter/react');
      const { createElement } = await import('react');
      const { renderToStaticMarkup } = await import('react-dom/server');
      const props = { className: 'talk', effect: 'blur', onVoidMask() {} };
      console.log(renderToStaticMarkup(createElement(VoidSegmenter, props)));`;
    const markup = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: app,
      encoding: 'utf8',
    });
    assert.equal(markup.trim(), '<void-segmenter class="talk"></void-segmenter>');
  });

  it('marks its React component for client components', () => {
    assert.match(readText('dist/react.js'), /^'use client';\n/);
  });

  it('describes the element in custom-elements.json by files that it has', () => {
    const manifest = JSON.parse(readText('custom-elements.json')) as {
      modules: { path: string; declarations: { tagName?: string }[] }[];
    };
    const paths = manifest.modules.map(({ path }) => path);
    assert.deepEqual(
      paths.filter((path) => !files.includes(path)),
      [],
    );
    const tags = manifest.modules.flatMap(({ declarations }) =>
      declarations.flatMap(({ tagName }) => tagName ?? []),
    );
    assert.deepEqual(tags, ['void-segmenter']);
  });
});

describe('files for bundlers', () => {
  const modules = files.filter(
    (path) => /^dist\/.*\.js$/.test(path) && !/^dist\/void-(segmenter\.|model\.js)/.test(path),
  );

  it('import each other by paths that exist, and else only lit, ONNX Runtime and, for its component, React', () => {
    for (const path of modules) {
      const imports = readText(path).matchAll(/^(?:import|export) .*?from ["'](.+?)["'];?$/gm);
      for (const [, name = ''] of imports) {
        if (name.startsWith('.')) assert.ok(existsSync(join(folder, path, '..', name)), name);
        else if (path === 'dist/react.js') assert.match(name, /^(@lit\/)?react$/);
        else assert.match(name, /^lit($|\/)|^onnxruntime-web\/(wasm|webgpu|jspi)$/);
      }
    }
  });

  it('name workers and models by URLs that bundlers recognise and that exist', () => {
    const urls = modules.flatMap((path) =>
      [...readText(path).matchAll(/new URL\(["'](.+?)["'], import\.meta\.url\)/g)].map(
        ([, url = '']) => join(folder, path, '..', url),
      ),
    );
    assert.equal(urls.length, 8);
    assert.deepEqual(
      urls.filter((path) => !existsSync(path)),
      [],
    );
    assert.match(readText('dist/pool/packaging.js'), /new Worker\(\s*new URL\("\.\.\/worker\//);
  });
});

describe('files for a script tag', () => {
  const scripts = files.filter((path) => /^dist\/void-segmenter\..*\.js$/.test(path));

  it('import nothing', () => {
    assert.equal(scripts.length, 5);
    for (const path of scripts) {
      assert.doesNotMatch(
        readText(path),
        /(^|[;}\n])\s*(import|export)\b[^;]*?\bfrom\s*["']/,
        path,
      );
      assert.doesNotMatch(readText(path), /\bimport\s*\(\s*["'`]/, path);
    }
  });

  it('keep ONNX Runtime out of the page and out of the worker that does without', () => {
    const holdsOrt = scripts.filter(
      (path) => readText(path).includes('em-pthread-') || readText(path).includes('_OrtRun'),
    );
    assert.deepEqual(holdsOrt.sort(), [
      'dist/void-segmenter.inference-wasm.js',
      'dist/void-segmenter.render-asyncify.js',
      'dist/void-segmenter.render-jspi.js',
    ]);
  });
});
