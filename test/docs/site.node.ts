import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, it } from 'node:test';
import { elementManifest, listDocumented } from '../../tools/docs/manifest.ts';
import { root } from '../../tools/docs/pages.ts';
import { buildTestSite } from './built-site.ts';

const { folder, pages } = await buildTestSite();
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.html') && !name.startsWith('void-segmenter/'))
  .map((name) => join(folder, name));
const htmlByFile = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));

function htmlOf(page: string): string {
  return htmlByFile.get(join(folder, `${page}.html`)) ?? '';
}

/** From the heading with this anchor to the next one of the same or a higher level. */
function sectionAt(html: string, id: string): string {
  const start = html.indexOf(`id="${id}"`);
  if (start < 0) return '';
  const end = html.slice(start).search(/<h[23] /);
  return html.slice(start, end < 0 ? undefined : start + end);
}

describe('site', () => {
  it('has a page for each Markdown file of docs', () => {
    const names = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' });
    const wanted = names
      .filter((name) => name.endsWith('.md'))
      .map((name) => name.replace(/\.md$/, ''));
    assert.deepEqual(
      wanted.filter((page) => !pages.includes(page)),
      [],
    );
  });

  it('has one title and one first heading on each page', () => {
    const titles = pages.map((page) => {
      const html = htmlOf(page);
      assert.equal(html.match(/<h1 /g)?.length, 1, page);
      return /<title>(.+?)<\/title>/.exec(html)?.[1];
    });
    assert.equal(new Set(titles).size, pages.length);
    assert.ok(!titles.includes(undefined));
  });

  it('links to nothing that is not there', () => {
    const broken: string[] = [];
    for (const [file, html] of htmlByFile) {
      // Code that is shown is no link, and that of examples is checked by running them.
      if (file.startsWith(join(folder, 'examples'))) continue;
      const links = html
        .replace(/<pre[^]*?<\/pre>/g, '')
        .matchAll(/ (?:href|src|data-url)="([^"]*)"/g);
      for (const [, link = ''] of links) {
        if (/^[a-z]+:/.test(link)) continue;
        const [path = '', anchor] = link.split('#');
        const target = path ? join(dirname(file), path) : file;
        const isThere = path.startsWith('/') ? false : existsSync(target);
        const hasAnchor = !anchor || htmlByFile.get(target)?.includes(` id="${anchor}"`);
        if (!isThere || !hasAnchor) broken.push(`${relative(folder, file)} → ${link}`);
      }
    }
    assert.deepEqual(broken, []);
  });

  it('leaves no comment for generated parts unread', () => {
    for (const page of pages) assert.doesNotMatch(htmlOf(page), /<!-- docs:/, page);
  });
});

describe('reference', () => {
  const reference = pages.filter((page) => page.startsWith('api/')).map(htmlOf);
  for (const [kind, items] of Object.entries(listDocumented(elementManifest))) {
    it(`has a live example of each ${kind}`, () => {
      assert.ok(items.length > 0);
      const without = items
        .map(({ name }) => name)
        .filter((name) => {
          const sections = reference.map((html) => sectionAt(html, `${kind}-${name}`));
          return !sections.some((section) => section.includes('<figure class="example"'));
        });
      assert.deepEqual(without, []);
    });
  }
});

describe('troubleshooting', () => {
  const source = readFileSync(join(root, 'src/errors.ts'), 'utf8');
  const union = /export type ErrorCode =([^;]+);/.exec(source)?.[1] ?? '';
  const codes = [...union.matchAll(/'([a-z-]+)'/g)].map(([, code]) => code);
  const html = htmlOf('troubleshooting');

  it('has a section for each error code, with the way out', () => {
    assert.ok(codes.length > 0);
    for (const code of codes) {
      assert.match(sectionAt(html, code ?? ''), /<strong>The way out\.<\/strong>/, code);
    }
  });

  it('tells the codes that the README tells, and no others', () => {
    const sections = [...html.matchAll(/<h2 id="([^"]+)"><code>/g)].map(([, code]) => code);
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const [, errors = ''] = readme.split('\n## Errors\n');
    const [section = ''] = errors.split('\n## ');
    const rows = [...section.matchAll(/^\| `([a-z-]+)`/gm)].map(([, code]) => code);
    assert.deepEqual(sections, codes);
    assert.deepEqual(rows, codes);
  });
});
