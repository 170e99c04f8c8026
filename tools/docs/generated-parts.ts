import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { describe } from './facts.ts';
import { root, type PageSource } from './pages.ts';

/**
 * Puts generated text in the place of comments of a page:
 *
 * - `<!-- docs:readme Errors -->`: that section of the README, without its heading;
 * - `<!-- docs:error model-fetch -->`: what the README says of that code;
 * - `<!-- docs:attribute mask-output -->`, and so for every kind of {@link describe}: what custom-elements.json says of it;
 * - `<!-- docs:sizes -->`: the sizes of the build.
 */
export function insertGeneratedParts(source: PageSource, sizes: string): PageSource {
  const markdown = source.markdown.replace(
    /^<!-- docs:(\w+) ?(.*?) -->$/gm,
    (_, kind: string, name: string) => {
      if (kind === 'sizes') return sizes;
      if (kind === 'readme') return relink(readSection(name), source);
      if (kind === 'error') return readErrorRow(name);
      return describe(kind, name);
    },
  );
  return { ...source, markdown };
}

const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** What happened, by the table of codes, as a sentence. */
function readErrorRow(code: string): string {
  const row = new RegExp(`^\\| \`${code}\` +\\| (.+?) +\\|$`, 'm').exec(readme)?.[1];
  if (!row) throw new Error(`README.md has no error "${code}" in its table.`);
  return `${row.charAt(0).toUpperCase()}${row.slice(1)}.`;
}

function readSection(heading: string): string {
  const [, section] = readme.split(`\n## ${heading}\n`);
  if (section === undefined) throw new Error(`README.md has no section "${heading}".`);
  return (section.split(/^## /m)[0] as string).trim();
}

/** Links of the README are relative to the root of the repository. */
function relink(markdown: string, { file }: PageSource): string {
  return markdown.replace(/\]\((?![a-z]+:|#)([^)]+)\)/g, (_, href: string) => {
    return `](${posix.relative(posix.dirname(file), href)})`;
  });
}
