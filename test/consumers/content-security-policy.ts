import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { launchChrome } from '../../tools/launch-chrome.ts';
import { assertFailed, assertShown, cors, runners, visitPage } from './visit-page.ts';

/** As strict as it works, with the package's files on the page's own origin. */
const own: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self'",
  'connect-src': "'self'",
  'img-src': "'self' blob:",
  'media-src': "'self' blob:",
  'style-src': "'self'",
};

/** The same with them on another origin. */
const other = {
  ...own,
  'script-src': "'self' CDN 'wasm-unsafe-eval'",
  'worker-src': 'blob:',
  'connect-src': "'self' CDN",
};

const trusted = { 'require-trusted-types-for': "'script'" };
const trustedByName = { ...trusted, 'trusted-types': 'lit-html void-segmenter' };
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

/** A header of these directives, without those that are empty. */
function policy(directives: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const parts = Object.entries(directives).filter(([, value]) => value);
  return { 'Content-Security-Policy': parts.map((part) => part.join(' ')).join('; ') };
}

export function testContentSecurityPolicy(): void {
  describe('csp', () => {
    let browser: Browser;

    before(async () => {
      browser = await launchChrome();
    });

    after(() => browser.close());

    for (const runner of runners) {
      it(`works without blob:, inline styles and eval, also of workers (${runner})`, async () => {
        const options = { runner, headers: policy(own), fileHeaders: policy(own) };
        assertShown(await visitPage(browser, options), runner);
      });

      it(`works with another origin and blob: workers (${runner})`, async () => {
        const options = { runner, headers: policy(other), cdnHeaders: cors };
        assertShown(await visitPage(browser, options), runner);
      });

      it(`works with Trusted Types, also of workers (${runner})`, async () => {
        const headers = policy({ ...own, ...trustedByName });
        const options = { runner, headers, fileHeaders: headers };
        assertShown(await visitPage(browser, options), runner);
      });
    }

    for (const cdnHeaders of [undefined, cors]) {
      const where = cdnHeaders ? 'another origin' : "the page's own";
      it(`works with a nonce and 'strict-dynamic', from ${where}`, async () => {
        const headers = policy({
          ...other,
          'script-src': "'nonce-r4nd0m' 'strict-dynamic' 'wasm-unsafe-eval'",
          'worker-src': '',
        });
        assertShown(await visitPage(browser, { headers, cdnHeaders, nonce: 'r4nd0m' }));
      });

      it(`starts threads under Trusted Types, from ${where}`, async () => {
        const directives = { ...(cdnHeaders ? other : own), ...trustedByName };
        const headers = { ...policy(directives), ...isolation };
        const outcome = await visitPage(browser, { headers, fileHeaders: headers, cdnHeaders });
        assertShown(outcome);
        assert.equal(outcome.threads, 3);
      });
    }

    it('takes a default policy of the page where its own is not allowed', async () => {
      const names = { 'trusted-types': 'lit-html default' };
      const options = {
        headers: policy({ ...own, ...trusted, ...names }),
        expected: /void-segmenter' violates|^trusted-types /,
        head: '<script src="/default-policy.js"></script>',
        files: {
          '/default-policy.js': `trustedTypes.createPolicy('default', { createScriptURL: (url) => url });`,
        },
      };
      assertShown(await visitPage(browser, options));
    });

    it('tells which Trusted Types policy is missing', async () => {
      const headers = policy({ ...own, ...trusted, 'trusted-types': 'lit-html' });
      assertFailed(await visitPage(browser, { headers }), 'worker-blocked', /void-segmenter/);
    });

    it('tells that worker-src is missing', async () => {
      const headers = policy({ ...own, 'worker-src': "'none'" });
      assertFailed(await visitPage(browser, { headers }), 'worker-blocked', /worker-src 'self'/);
    });

    it('tells that blob: is missing in worker-src', async () => {
      const headers = policy({ ...other, 'worker-src': '' });
      const outcome = await visitPage(browser, { headers, cdnHeaders: cors });
      assertFailed(outcome, 'worker-blocked', /blob:/);
    });

    it('tells that connect-src lacks the other origin', async () => {
      const headers = policy({ ...other, 'connect-src': "'self'" });
      const outcome = await visitPage(browser, { headers, cdnHeaders: cors });
      assertFailed(outcome, 'worker-failed', /connect-src/);
    });

    for (const runner of runners) {
      it(`tells that 'wasm-unsafe-eval' is missing (${runner})`, async () => {
        const headers = policy({ ...own, 'script-src': "'self'" });
        const outcome = await visitPage(browser, { runner, headers, fileHeaders: headers });
        assertFailed(outcome, 'worker-blocked', /Add 'wasm-unsafe-eval' to its script-src/);
      });
    }

    it('is not mistaken by what else a policy blocks meanwhile', async () => {
      const options = {
        headers: policy(own),
        expected: /blocked\.invalid/,
        head: '<script src="/busy.js"></script>',
        files: {
          '/busy.js': `setInterval(() => {
            const script = document.createElement('script');
            script.src = 'https://blocked.invalid/';
            document.head.append(script);
          }, 20);`,
        },
      };
      assertShown(await visitPage(browser, options));
    });
  });
}
