import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import ts from 'typescript';
import { installedPackage } from './installed-package.ts';

const consumer = `
import { VoidSegmenterElement, type MaskEvent } from 'void-segmenter';
import { Segmenter, SegmenterError, type Mask } from 'void-segmenter/segmenter.js';

const element = document.querySelector('void-segmenter');
if (element) {
  element.effect = 'blur';
  // @ts-expect-error -- an unknown effect
  element.effect = 'sepia';
  element.addEventListener('void-mask', (event) => {
    const mask: Mask = event.mask;
    console.log(mask.width, event.timestampUs.toFixed());
  });
}
export async function segment(signal: AbortSignal): Promise<Mask> {
  const segmenter = await Segmenter.create({ backend: 'wasm', signal });
  // @ts-expect-error -- not public
  segmenter.setBackground(null);
  return segmenter.segment(new ImageData(1, 1), { output: 'float' });
}
export const isElement = (value: unknown): boolean => value instanceof VoidSegmenterElement;
export const isFatal = (error: unknown): boolean => error instanceof SegmenterError && error.fatal;
export type Listener = (event: MaskEvent) => void;
`;

describe('type declarations', () => {
  const { app } = installedPackage;
  const file = join(app, 'consumer.ts');
  writeFileSync(join(app, 'package.json'), '{ "type": "module" }');
  writeFileSync(file, consumer);

  const settings = [
    { name: 'bundler', module: ts.ModuleKind.ESNext, resolution: ts.ModuleResolutionKind.Bundler },
    {
      name: 'nodenext',
      module: ts.ModuleKind.NodeNext,
      resolution: ts.ModuleResolutionKind.NodeNext,
    },
  ];
  for (const { name, module, resolution } of settings) {
    it(`serve a strict consumer with moduleResolution ${name}`, () => {
      const program = ts.createProgram([file], {
        module,
        moduleResolution: resolution,
        target: ts.ScriptTarget.ES2022,
        lib: [
          'lib.es2023.d.ts',
          'lib.dom.d.ts',
          'lib.dom.iterable.d.ts',
          'lib.esnext.disposable.d.ts',
        ],
        types: [],
        strict: true,
        exactOptionalPropertyTypes: true,
        noEmit: true,
        skipLibCheck: false,
      });
      const host = {
        getCanonicalFileName: (path: string) => path,
        getCurrentDirectory: () => app,
        getNewLine: () => '\n',
      };
      assert.equal(ts.formatDiagnostics(ts.getPreEmitDiagnostics(program), host), '');
    });
  }
});
