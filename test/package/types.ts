import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { installedPackage } from './installed-package.ts';

const { app } = installedPackage;
const cases = fileURLToPath(new URL('types/', import.meta.url));
const modules = fileURLToPath(new URL('../../node_modules/', import.meta.url));
writeFileSync(join(app, 'package.json'), '{ "type": "module" }');

/**
 * Compiles files of `types/` in the app, strictly: what is right has to compile, what is marked as wrong has to fail. Returns
 * what TypeScript complains about.
 */
function compile(names: readonly string[], options: ts.CompilerOptions): string {
  for (const name of names) copyFileSync(join(cases, name), join(app, name));
  const files = names.map((name) => join(app, name));
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.esnext.disposable.d.ts'],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipDefaultLibCheck: true,
    ...options,
  });
  return ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), {
    getCanonicalFileName: (path) => path,
    getCurrentDirectory: () => app,
    getNewLine: () => '\n',
  });
}

const bundler: ts.CompilerOptions = {
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
};
const nodeNext: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
};

/** With the types of a version of React, which the package has none of. */
function react(types: string): ts.CompilerOptions {
  const folder = join(modules, types);
  return {
    ...bundler,
    jsx: ts.JsxEmit.ReactJSX,
    paths: { react: [folder], 'react/*': [`${folder}/*`] },
  };
}

describe('type declarations', () => {
  const consumers: readonly [string, readonly string[], ts.CompilerOptions][] = [
    ['a page by moduleResolution bundler', ['page.ts'], bundler],
    ['a page by moduleResolution nodenext', ['page.ts'], nodeNext],
    ['React 19', ['react-jsx.tsx', 'react-component.tsx'], react('@types/react')],
    ['React 18', ['react-component.tsx'], react('@types/react-18')],
  ];
  for (const [name, files, options] of consumers) {
    it(`serve ${name}`, () => {
      assert.equal(compile(files, options), '');
    });
  }
});
