import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { launchChrome } from '../../tools/launch-chrome.ts';
import { assertFailed, assertShown, cors, runners, visitPage } from './visit-page.ts';

const opener = { 'Cross-Origin-Opener-Policy': 'same-origin' };
const corp = { 'Cross-Origin-Resource-Policy': 'cross-origin' };

export function testIsolation(): void {
  describe('isolation', () => {
    let browser: Browser;

    before(async () => {
      browser = await launchChrome();
    });

    after(() => browser.close());

    for (const embedder of ['require-corp', 'credentialless']) {
      const headers = { ...opener, 'Cross-Origin-Embedder-Policy': embedder };

      for (const runner of runners) {
        it(`works with COEP ${embedder} from another origin with CORS alone (${runner})`, async () => {
          const outcome = await visitPage(browser, { runner, headers, cdnHeaders: cors });
          assertShown(outcome, runner);
          assert.ok(outcome.isIsolated);
          if (runner === 'wasm') assert.equal(outcome.threads, 3);
        });
      }

      it(`works with COEP ${embedder} from another origin with CORS and CORP`, async () => {
        const outcome = await visitPage(browser, { headers, cdnHeaders: { ...cors, ...corp } });
        assertShown(outcome);
        assert.equal(outcome.threads, 3);
      });

      it(`works with COEP ${embedder} for the package's own files, too`, async () => {
        const outcome = await visitPage(browser, { headers, fileHeaders: headers });
        assertShown(outcome);
        assert.equal(outcome.threads, 3);
      });

      it(`tells that the package's own files lack COEP ${embedder}`, async () => {
        const outcome = await visitPage(browser, { headers });
        assertFailed(outcome, 'worker-failed', /Cross-Origin-Embedder-Policy/);
      });
    }
  });
}
