import { Marked, type Tokens } from 'marked';
import { readExample, type Example } from './example.ts';
import { highlight } from './highlight.ts';
import { escapeHtml, slugify, UniqueNames } from './html.ts';
import { rootFrom, type ResolveLink } from './links.ts';
import type { PageSource } from './pages.ts';

/** A heading below the title. */
export interface Heading {
  readonly depth: number;
  readonly id: string;
  readonly text: string;
}

/** What stands in a page's frame. */
export interface RenderedPage {
  readonly html: string;
  readonly headings: readonly Heading[];
  readonly examples: readonly Example[];
}

/** @param source - Its Markdown, with everything put in that is generated. */
export function renderPage(source: PageSource, resolveLink: ResolveLink): RenderedPage {
  const headings: Heading[] = [];
  const examples: Example[] = [];
  const ids = new UniqueNames();
  const files = new UniqueNames();
  let hasTitle = false;

  const renderCode = ({ text, lang = '' }: Tokens.Code): string => {
    const [language = '', ...words] = lang.split(/\s+/);
    const block = renderBlock(text, language);
    const { text: title, id } = headings.at(-1) ?? { text: source.path, id: 'example' };
    if (!words.includes('live')) return block;
    const path = `examples/${source.path}/${files.take(id)}`;
    const example = readExample(words, `Example: ${title}`, path, text);
    if (!example) return block;
    examples.push(example);
    return renderFigure(example, block, rootFrom(source.path));
  };

  const marked = new Marked({
    renderer: {
      code: renderCode,
      heading({ tokens, depth: written, text }) {
        // A file may begin anew; a page has one title.
        const depth = written === 1 && hasTitle ? 2 : written;
        hasTitle = true;
        const plain = text.replace(/[`*]|\[([^\]]*)\]\([^)]*\)/g, '$1');
        const id = ids.take(slugify(plain));
        if (depth > 1) headings.push({ depth, id, text: plain });
        return `<h${depth} id="${id}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens);
        const url = resolveLink(href, source);
        return url === null ? text : `<a href="${escapeHtml(url)}">${text}</a>`;
      },
      table(token) {
        const cells = (row: Tokens.TableCell[], wanted: string): string =>
          row
            .map(({ tokens, align, text }) => {
              // The corner of a table with names on two sides is no header of anything.
              const tag = text ? wanted : 'td';
              const side = align && align !== 'left' ? ` class="${align}"` : '';
              return `<${tag}${side}>${this.parser.parseInline(tokens)}</${tag}>`;
            })
            .join('');
        const rows = token.rows.map((row) => `<tr>${cells(row, 'td')}</tr>`);
        const head = `<thead><tr>${cells(token.header, 'th')}</tr></thead>`;
        const table = `<table>${head}<tbody>${rows.join('\n')}</tbody></table>`;
        return `<div class="scroll" role="group" aria-label="Table">${table}</div>\n`;
      },
    },
  });
  return { html: marked.parse(source.markdown, { async: false }), headings, examples };
}

const labels: Readonly<Record<string, string>> = {
  css: 'CSS',
  html: 'HTML',
  js: 'JavaScript',
  json: 'JSON',
  jsx: 'JSX',
  ts: 'TypeScript',
  tsx: 'TypeScript',
  sh: 'Command line',
};

function renderBlock(code: string, language: string): string {
  const label = labels[language] ?? 'Code';
  return `<div class="code"><pre class="scroll" role="group" aria-label="${label}"><code>${highlight(code, language)}</code></pre></div>\n`;
}

/** The piece of code, and beside it where it runs. Without script there is a link to it. */
function renderFigure(example: Example, block: string, toRoot: string): string {
  const { path, title, needsButton, allow } = example;
  const url = `${toRoot}${path}.html`;
  return `<figure class="example" data-url="${url}" data-title="${escapeHtml(title)}"${needsButton ? ' data-needs-button' : ''}${allow ? ` data-allow="${allow}"` : ''}>
${block}<div class="stage">
<div class="frame"></div>
<p class="actions"><button type="button" hidden>Run</button> <a href="${url}">Open alone<span class="unseen">: ${escapeHtml(title)}</span></a></p>
</div>
</figure>
`;
}
