import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { launchChrome } from '../../tools/launch-chrome.ts';
import { assertFailed, assertShown, cors, runners, visitPage } from './visit-page.ts';

/** What lit leaves on every page. */
const namesOfLit = [
  'litElementVersions',
  'litHtmlVersions',
  'litPropertyMetadata',
  'reactiveElementVersions',
];

export function testScriptTag(): void {
  describe('script-tag', () => {
    let browser: Browser;

    before(async () => {
      browser = await launchChrome();
    });

    after(() => browser.close());

    for (const runner of runners) {
      it(`works from the page's own origin (${runner})`, async () => {
        assertShown(await visitPage(browser, { runner }), runner);
      });

      it(`works from another origin (${runner})`, async () => {
        assertShown(await visitPage(browser, { runner, cdnHeaders: cors }), runner);
      });
    }

    it('tells that the other origin of asset-base lacks CORS', async () => {
      // A script has to come with CORS; what lies under asset-base may not.
      const attributes = 'asset-base="http://localhost:1/" src="/media/cap12_edit.webm"';
      const outcome = await visitPage(browser, { attributes });
      assertFailed(outcome, 'worker-failed', /Access-Control-Allow-Origin/);
    });

    it('leaves no global of its own, nor an element but its own', async () => {
      const options = {
        head: `<script>
          var before = [];
          before = Object.getOwnPropertyNames(window);
          var defined = [];
          const { define } = customElements;
          customElements.define = (name, constructor) => {
            defined.push(name);
            define.call(customElements, name, constructor);
          };
        </script>`,
      };
      await visitPage(browser, options, async (page) => {
        const added = await page.evaluate(`Object.getOwnPropertyNames(window).filter((name) =>
          !before.includes(name) && !['defined', 'violations', 'outcome'].includes(name))`);
        // Frames of the window are numbered.
        assert.deepEqual((added as string[]).sort(), namesOfLit);
        assert.deepEqual(await page.evaluate('defined'), ['void-segmenter']);
      });
    });

    it('works beside a second version, whose exports work as well', async () => {
      const options = {
        cdnHeaders: cors,
        head: `<script>
          started = [];
          const { Worker: Plain } = window;
          Worker = class extends Plain {
            constructor(url, options) {
              super(url, options);
              started.push(new URL(url).pathname);
            }
          };
        </script>
        <script type="module">
          import * as first from 'CDN/dist/void-segmenter.min.js';
          import * as second from '/dist/void-segmenter.min.js';
          window.versions = [first, second];
        </script>`,
      };
      const outcome = await visitPage(browser, options, async (page) => {
        const [isFirst, ofElement] = (await page.evaluate(`[
          customElements.get('void-segmenter') === versions[0].VoidSegmenterElement,
          started.length,
        ]`)) as [boolean, number];
        assert.ok(isFirst, 'the second version took the place of the first');
        const found = await page.evaluate(`(async () => {
          const canvas = new OffscreenCanvas(64, 64);
          canvas.getContext('2d').fillRect(0, 0, 64, 64);
          const segmenter = await versions[1].Segmenter.create({ backend: 'wasm' });
          const mask = await segmenter.segment(canvas.transferToImageBitmap(), { output: 'alpha' });
          segmenter.dispose();
          await versions[1].VoidSegmenterElement.preload('selfie');
          return [mask.width, mask.height];
        })()`);
        assert.deepEqual(found, [64, 64]);
        // Those of the first, from another origin, are blobs; its element may start more of them meanwhile.
        const started = (await page.evaluate('started')) as string[];
        const isBlob = (path: string): boolean => path.startsWith('http');
        assert.ok(started.slice(0, ofElement).every(isBlob));
        assert.deepEqual([...new Set(started.filter((path) => !isBlob(path)))].sort(), [
          '/dist/void-segmenter.inference-wasm.js',
          '/dist/void-segmenter.render.js',
        ]);
      });
      assertShown(outcome);
    });

    it('works when its script tag is there twice', async () => {
      const again = '<script type="module" src="CDN/dist/void-segmenter.min.js?again"></script>';
      assertShown(await visitPage(browser, { cdnHeaders: cors, head: again + again }));
    });
  });
}
