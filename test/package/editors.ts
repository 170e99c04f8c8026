import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import languageService, { type HTMLDataV1 } from 'vscode-html-languageservice';
import { installedPackage } from './installed-package.ts';

const { getLanguageService, newHTMLDataProvider, TextDocument } = languageService;
const { folder, packageJson } = installedPackage;

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(join(folder, path), 'utf8'));
}

interface Described {
  readonly name: string;
  readonly description?: string;
}

interface WebTypes {
  readonly name: string;
  readonly version: string;
  readonly contributions: {
    readonly html: {
      readonly elements: readonly (Described & {
        readonly attributes: readonly (Described & { readonly value: { readonly type: string } })[];
        readonly slots: readonly Described[];
        readonly events: readonly Described[];
      })[];
    };
    readonly css: {
      readonly properties: readonly Described[];
      readonly 'pseudo-elements': readonly Described[];
    };
  };
}

describe('custom data for VS Code', () => {
  const data = readJson('dist/vscode.html-custom-data.json') as HTMLDataV1;
  const service = getLanguageService({
    useDefaultDataProvider: false,
    customDataProviders: [newHTMLDataProvider('void-segmenter', data)],
  });

  /** What VS Code's own service offers at the `|`. */
  function offer(html: string): string[] {
    const text = TextDocument.create('file:///page.html', 'html', 0, html.replace('|', ''));
    const position = text.positionAt(html.indexOf('|'));
    const { items } = service.doComplete(text, position, service.parseHTMLDocument(text));
    return items.map(({ label }) => label);
  }

  it('offers the element', () => {
    assert.ok(offer('<|').includes('void-segmenter'));
  });

  it('offers its attributes', () => {
    const names = offer('<void-segmenter | >');
    for (const name of ['src', 'mask-output', 'no-refine', 'blur-radius']) {
      assert.ok(names.includes(name), name);
    }
  });

  it('offers the values of an attribute', () => {
    assert.deepEqual(offer('<void-segmenter effect="|">').sort(), [
      'blur',
      'cutout',
      'mask',
      'none',
      'replace',
    ]);
    assert.deepEqual(offer('<void-segmenter camera="|">').sort(), ['environment', 'user']);
    assert.deepEqual(offer('<void-segmenter classes="|">'), []);
  });

  it('explains attributes', () => {
    const text = TextDocument.create('file:///page.html', 'html', 0, '<void-segmenter effect="">');
    const page = service.parseHTMLDocument(text);
    const hover = service.doHover(text, { line: 0, character: 18 }, page);
    assert.match(JSON.stringify(hover?.contents), /transparent background/);
  });

  it('knows the CSS variables and parts', () => {
    const css = readJson('dist/vscode.css-custom-data.json') as {
      readonly properties: readonly Described[];
      readonly pseudoElements: readonly Described[];
    };
    assert.deepEqual(namesOf(css.properties), [
      '--void-segmenter-fit',
      '--void-segmenter-position',
    ]);
    assert.ok(namesOf(css.pseudoElements).includes('::part(canvas)'));
  });
});

describe('web-types for JetBrains', () => {
  const webTypes = readJson(packageJson['web-types']) as WebTypes;
  const { html, css } = webTypes.contributions;
  const [element] = html.elements;

  it('are those of this version', () => {
    assert.equal(webTypes.name, 'void-segmenter');
    assert.equal(webTypes.version, packageJson.version);
    assert.deepEqual(namesOf(html.elements), ['void-segmenter']);
  });

  it('spell out the values of attributes', () => {
    const types = new Map(element?.attributes.map(({ name, value }) => [name, value.type]));
    assert.equal(types.get('effect'), "'none' | 'mask' | 'cutout' | 'blur' | 'replace'");
    assert.equal(types.get('no-refine'), 'boolean');
    assert.equal(types.get('workers'), "'auto' | number");
  });

  it('describe attributes, slots, events, CSS variables and parts', () => {
    const lists = [
      element?.attributes,
      element?.slots,
      element?.events,
      css.properties,
      css['pseudo-elements'],
    ];
    for (const list of lists) {
      assert.ok(list?.length);
      assert.deepEqual(namesOf(list.filter(({ description }) => !description)), []);
    }
    assert.ok(namesOf(element?.events ?? []).includes('void-mask'));
    assert.ok(namesOf(element?.slots ?? []).includes('behind'));
  });
});

function namesOf(list: readonly Described[]): string[] {
  return list.map(({ name }) => name);
}
