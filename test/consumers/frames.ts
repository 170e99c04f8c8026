import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { launchChrome } from '../../tools/launch-chrome.ts';
import { assertFailed, assertShown, cors, runners, visitPage } from './visit-page.ts';

const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

export function testFrames(): void {
  describe('frames', () => {
    let browser: Browser;

    before(async () => {
      browser = await launchChrome('software', [
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
      ]);
    });

    after(() => browser.close());

    for (const runner of runners) {
      it(`works in a frame on another origin's page (${runner})`, async () => {
        assertShown(await visitPage(browser, { runner, frame: { attributes: '' } }), runner);
      });
    }

    it('tells that a sandbox without an origin starts no workers', async () => {
      const options = {
        headers: cors,
        fileHeaders: cors,
        attributes: 'src="/media/cap12_edit.webm" crossorigin',
        frame: { attributes: 'sandbox="allow-scripts"' },
      };
      assertFailed(await visitPage(browser, options), 'worker-failed', /could not be started/);
    });

    for (const allow of ['', 'cross-origin-isolated']) {
      it(`works in a frame of an isolated page with allow="${allow}"`, async () => {
        const outcome = await visitPage(browser, {
          headers: isolation,
          fileHeaders: isolation,
          frame: { attributes: `allow="${allow}"`, headers: isolation },
        });
        assertShown(outcome);
        assert.equal(outcome.isIsolated, allow !== '');
        assert.equal(outcome.threads, allow ? 3 : 0);
      });
    }

    it('tells that the frame may not use the camera', async () => {
      const outcome = await visitPage(browser, { attributes: 'camera', frame: { attributes: '' } });
      assertFailed(outcome, 'camera-denied', /allow="camera"/);
    });
  });
}
