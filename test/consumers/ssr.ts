import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import { launchChrome } from '../../tools/launch-chrome.ts';
import type { Origin } from '../../tools/origin.ts';
import { InstalledApp } from './installed-app.ts';
import { layoutShifts, visitApp } from './visit-app.ts';

/** What `@lit-labs/ssr` makes of the element, before, while and after the package makes it its own again. */
export function testServerRendering(): void {
  describe('ssr', () => {
    let browser: Browser;
    let server: Origin;

    before(async () => {
      browser = await launchChrome();
      const app = await InstalledApp.install('lit-ssr');
      await app.run('build');
      server = await app.serve((port) => `PORT=${port} node src/server.js`);
    });

    after(async () => {
      server.close();
      await browser.close();
    });

    /** The app, maybe without its style sheet, which gives the element its size. */
    const open = async ({ hasScript = true, isSized = true }): Promise<Page> => {
      const page = await browser.newPage();
      await page.setJavaScriptEnabled(hasScript);
      if (!isSized) await removeStyle(page, server.url);
      await page.goto(server.url);
      return page;
    };

    it('has its size before any script', async () => {
      const page = await open({ hasScript: false });
      assert.deepEqual(await sizeOf(page), [400, 300]);
      await page.close();
    });

    it('is 300 by 150 where nothing gives a size', async () => {
      const page = await open({ hasScript: false, isSized: false });
      assert.deepEqual(await sizeOf(page), [300, 150]);
      await page.close();
    });

    it('shows a person without moving anything', () =>
      visitApp(browser, server.url, { isStill: true }));

    it('takes over what the server rendered', async () => {
      const page = await open({});
      await isRunning(page);
      // Rendered anew it has a style sheet instead.
      assert.ok(await page.$('void-segmenter >>> style'));
      assert.equal((await page.$$('void-segmenter >>> #size')).length, 1);
      await page.close();
    });

    it('moves what is below once its source is known, where nothing gives a size', async () => {
      const page = await open({ isSized: false });
      await isRunning(page);
      assert.deepEqual(await sizeOf(page), [400, 300]);
      assert.ok((await layoutShifts(page)).length > 0);
      await page.close();
    });
  });
}

async function removeStyle(page: Page, url: string): Promise<void> {
  const html = await (await fetch(url)).text();
  const body = html.replace(/<style>.*?<\/style>/s, '');
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    const isPage = request.isNavigationRequest();
    void (isPage ? request.respond({ contentType: 'text/html', body }) : request.continue());
  });
}

async function isRunning(page: Page): Promise<void> {
  const state = `document.querySelector('void-segmenter').state`;
  await page.waitForFunction(`${state} === 'running'`, { timeout: 120_000 });
}

/** Width and height of the element's box, in CSS pixels. */
async function sizeOf(page: Page): Promise<number[]> {
  const box = await (await page.$('void-segmenter'))?.boundingBox();
  return [box?.width ?? 0, box?.height ?? 0];
}
