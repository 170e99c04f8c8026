import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'puppeteer-core';
import { launchChrome } from '../../tools/launch-chrome.ts';
import { startOrigin, type Origin } from '../../tools/origin.ts';
import { collectComplaints } from '../../tools/package/browser.ts';
import { findViolations } from '../helpers/axe.ts';
import { buildTestSite } from './built-site.ts';

const { folder, pages } = await buildTestSite();
const phone = { width: 390, height: 844 };
const desktop = { width: 1280, height: 800 };

describe('pages', () => {
  let browser: Browser;
  let site: Origin;

  before(async () => {
    browser = await launchChrome('none');
    // In a folder of a host, as on GitHub Pages.
    site = await startOrigin({ folders: { '/project/': folder } });
  });

  after(async () => {
    await browser.close();
    site.close();
  });

  async function open(path: string, { reducedMotion = false } = {}): Promise<Page> {
    const page = await browser.newPage();
    await page.setViewport(desktop);
    const value = reducedMotion ? 'reduce' : 'no-preference';
    await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value }]);
    await page.goto(`${site.url}/project/${path}.html`);
    return page;
  }

  for (const path of pages) {
    it(`${path}: axe finds nothing, in light and dark, and it fits a phone`, async () => {
      const page = await open(path, { reducedMotion: true });
      const complaints = collectComplaints(page);
      await page.reload();
      for (const value of ['light', 'dark']) {
        await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
        assert.deepEqual(await findViolations(page), [], value);
      }
      await page.setViewport(phone);
      const widthPx = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(widthPx, phone.width);
      assert.deepEqual(complaints, []);
      await page.close();
    });
  }

  it('run the example in view, and stop it when it leaves', async () => {
    const page = await open('api/events');
    await scrollTo(page, 0);
    await page.waitForSelector('.example:nth-of-type(1) iframe');
    await scrollTo(page, 3);
    await page.waitForFunction(
      () => document.querySelectorAll('.example')[3]?.querySelector('iframe') !== null,
    );
    assert.equal(await countFrames(page), 1);
    await page.evaluate('scrollTo({ top: 0, behavior: "instant" })');
    await page.waitForFunction(
      () => document.querySelectorAll('.example')[3]?.querySelector('iframe') === null,
    );
    await page.close();
  });

  it('run the example that is asked for, and none by itself once one was stopped', async () => {
    const page = await open('api/events');
    await scrollTo(page, 0);
    await page.waitForSelector('iframe');
    const [first] = await page.$$('.actions button');
    await first?.evaluate((button) => button.click());
    assert.equal(await countFrames(page), 0);
    await scrollTo(page, 2);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1000)));
    assert.equal(await countFrames(page), 0);
    const [, , third] = await page.$$('.actions button');
    await third?.evaluate((button) => button.click());
    assert.equal(await countFrames(page), 1);
    await page.close();
  });

  it('start nothing by themselves for who prefers reduced motion', async () => {
    const page = await open('api/events', { reducedMotion: true });
    await scrollTo(page, 0);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1000)));
    assert.equal(await countFrames(page), 0);
    await page.close();
  });

  it('do not ask for the camera before a button is pressed', async () => {
    const page = await open('api/attributes');
    const isSeen = await page.evaluate(async () => {
      const figure = document.querySelector('[data-url$="/camera.html"]');
      figure?.scrollIntoView({ block: 'center', behavior: 'instant' });
      await new Promise((resolve) => setTimeout(resolve, 1000));
      return figure?.querySelector('iframe') === null;
    });
    assert.equal(isSeen, true);
    await page.close();
  });

  it('copy code', async () => {
    await browser
      .defaultBrowserContext()
      .setPermission(
        site.url,
        { permission: { name: 'clipboard-read' }, state: 'granted' },
        { permission: { name: 'clipboard-write' }, state: 'granted' },
      );
    const page = await open('index');
    await page.bringToFront();
    await page.click('.code button');
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.match(copied, /^<void-segmenter src="media\/clip.webm"/);
    await page.close();
  });

  it('show the person in the frame of an example', async () => {
    const page = await open('index');
    await page.waitForFunction(
      () =>
        document
          .querySelector('iframe')
          ?.contentDocument?.querySelector('void-segmenter')
          ?.matches(':state(running)'),
      { timeout: 90_000 },
    );
    await page.close();
  });
});

async function scrollTo(page: Page, index: number): Promise<void> {
  await page.evaluate((at) => {
    const stage = document.querySelectorAll('.stage')[at];
    stage?.scrollIntoView({ block: 'center', behavior: 'instant' });
  }, index);
}

function countFrames(page: Page): Promise<number> {
  return page.evaluate(() => document.querySelectorAll('iframe').length);
}
