import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startOrigin, type Origin } from '../../tools/origin.ts';
import { bundlePage } from '../bundle-page.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pictures = join(root, 'test/assets/parity/');

/** Serves `/graphs.html` and the files as `/models/0.onnx` and so on. The caller closes it. */
export async function startGraphSite(
  files: readonly string[],
  isIsolated: boolean,
): Promise<Origin> {
  return startOrigin({
    pages: {
      '/graphs.html':
        '<!doctype html><link rel="icon" href="data:,"><script type="module" src="graphs.js"></script>',
      '/graphs.js': await bundlePage(join(root, 'bench/graphs/page.ts')),
      ...Object.fromEntries(
        files.map((file, index) => [`/models/${index}.onnx`, readFileSync(file)]),
      ),
    },
    folders: {
      '/ort/': join(root, 'node_modules/onnxruntime-web/dist/'),
      '/pictures/': pictures,
    },
    headers: isIsolated
      ? {
          'Cross-Origin-Opener-Policy': 'same-origin',
          'Cross-Origin-Embedder-Policy': 'require-corp',
        }
      : {},
  });
}

/** URLs of all pictures, of any size. */
export function findPictures(): string[] {
  return readdirSync(pictures)
    .filter((name) => name.endsWith('.png'))
    .map((name) => `/pictures/${name}`);
}
