import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A Markdown file of the repository that becomes a page. */
export interface PageSource {
  /** From the root of the repository: `docs/api/events.md`. */
  readonly file: string;
  /** From the root of the site, without `.html`: `api/events`. */
  readonly path: string;
  /** Heading that it stands under in the navigation. */
  readonly group: string;
  readonly markdown: string;
}

const groups: Readonly<Record<string, string>> = { api: 'Reference', recipes: 'Recipes' };
const guides = 'Guides';
const project = 'Project';

/** What lies elsewhere, and the pages that it becomes. */
const others: Readonly<Record<string, string>> = {
  'bench/README.md': 'measuring',
  'CONTRIBUTING.md': 'contributing',
  'CHANGELOG.md': 'changelog',
};

/** All of `docs/`, by its folders, then what lies elsewhere. The first is `index`. */
export function findPages(): PageSource[] {
  const files = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.md'));
  const pages = files.map((name) => {
    const path = name.replace(/\.md$/, '');
    const group = path === 'index' ? '' : (groups[posix.dirname(path)] ?? guides);
    return readPage(`docs/${name}`, path, group);
  });
  const order = ['', ...Object.values(groups), guides];
  pages.sort(
    (a, b) =>
      order.indexOf(a.group) - order.indexOf(b.group) || titleOf(a).localeCompare(titleOf(b)),
  );
  return [...pages, ...Object.entries(others).map(([file, path]) => readPage(file, path, project))];
}

function readPage(file: string, path: string, group: string): PageSource {
  return { file, path, group, markdown: readFileSync(join(root, file), 'utf8') };
}

/** What the first heading says, without its code marks. */
export function titleOf({ file, markdown }: PageSource): string {
  const title = /^# (.+)$/m.exec(markdown)?.[1];
  if (!title) throw new Error(`${file} has no heading of the first level.`);
  return title.replaceAll('`', '');
}
