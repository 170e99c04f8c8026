import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { root, type PageSource } from './pages.ts';

/** Turns links between files of the repository into links of the site. */
export type ResolveLink = (href: string, from: PageSource) => string | null;

const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  repository?: { url: string };
};

/** Where people read the repository's files; empty while `package.json` names none. */
const repositoryUrl = repository?.url.replace(/^git\+/, '').replace(/\.git$/, '') ?? '';

/**
 * Links to pages become relative ones, so that the site may lie in any folder; those to other files lead into the repository.
 * Null where that has no address: then the text stands alone.
 */
export function createLinkResolver(pages: readonly PageSource[]): ResolveLink {
  const paths = new Map(pages.map(({ file, path }) => [file, path]));
  paths.set('README.md', 'index');
  return (href, from) => {
    if (/^([a-z]+:|#)/i.test(href)) return href;
    const [target = '', hash] = href.split('#');
    const file = posix.join(posix.dirname(from.file), target);
    const path = paths.get(file);
    const end = hash ? `#${hash}` : '';
    if (path) return relativeTo(from.path, `${path}.html`) + end;
    return (repositoryUrl && `${repositoryUrl}/blob/main/${file}${end}`) || null;
  };
}

/** A path of the site as a page of it writes it. */
export function relativeTo(fromPath: string, path: string): string {
  return posix.relative(posix.dirname(fromPath), path);
}

/** The root of the site as a page of it writes it: empty, or ending in a slash. */
export function rootFrom(path: string): string {
  return '../'.repeat(path.split('/').length - 1);
}
