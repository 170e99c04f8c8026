/**
 * `npm run docs`: builds the docs site into `site/`; with `--serve` shows it, too (`PORT` names a port), with `--classes` it has the
 * model of six classes.
 */
import { join } from 'node:path';
import { startOrigin } from '../origin.ts';
import { buildSite } from './build-site.ts';
import { root } from './pages.ts';

const out = join(root, 'site');
const { pages, examples } = await buildSite(out, {
  withClasses: process.argv.includes('--classes'),
});
console.log(`site/: ${pages.length} pages, ${examples.length} live examples`);
if (process.argv.includes('--serve')) {
  const { url } = await startOrigin({
    folders: { '/': out },
    port: Number(process.env['PORT'] ?? 0),
  });
  console.log(`${url}/index.html`);
}
