import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import { launchChrome } from '../../tools/launch-chrome.ts';
import { startOrigin, type Origin } from '../../tools/origin.ts';
import {
  collectComplaints,
  createPage,
  firstMask,
  watchThreads,
  type MaskReport,
} from '../../tools/package/browser.ts';
import { sampleClip } from '../../tools/sample-clip.ts';
import { installedPackage } from './installed-package.ts';

const dist = join(installedPackage.folder, 'dist');
const toyModels = fileURLToPath(new URL('../assets/models/', import.meta.url));
const media = dirname(sampleClip);
const clip = 'src="/media/cap12_edit.webm"';
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};

describe('script tag', () => {
  let browser: Browser;
  let cdn: Origin;
  let site: Origin;
  let isolatedSite: Origin;

  before(async () => {
    browser = await launchChrome();
    cdn = await startOrigin({
      folders: { '/': dist },
      headers: { 'Access-Control-Allow-Origin': '*' },
    });
    const cdnScript = `${cdn.url}/void-segmenter.min.js`;
    const options = {
      folders: { '/media/': media, '/models/': toyModels, '/dist/': dist },
      pages: {
        '/own.html': createPage('/dist/void-segmenter.min.js', `${clip} backend="wasm"`),
        '/cdn.html': createPage(cdnScript, `${clip} backend="wasm"`),
        '/cdn-webgpu.html': createPage(
          cdnScript,
          `${clip} backend="webgpu" model="/models/green.json"`,
        ),
      },
    };
    site = await startOrigin(options);
    isolatedSite = await startOrigin({ ...options, headers: isolation });
  });

  after(async () => {
    await browser.close();
    for (const origin of [isolatedSite, site, cdn]) origin.close();
  });

  /** Opens a page, waits for its first mask, and sees to it that nothing was complained about. */
  async function visit(url: string, prepare?: (page: Page) => Promise<void>): Promise<MaskReport> {
    const page = await browser.newPage();
    try {
      await prepare?.(page);
      const complaints = collectComplaints(page);
      await page.goto(url);
      const mask = await firstMask(page);
      assert.deepEqual([mask.width, mask.height], [400, 300]);
      assert.deepEqual(complaints, []);
      return mask;
    } finally {
      await page.close();
    }
  }

  function assertPersonFound({ lowest, highest }: MaskReport): void {
    assert.ok(lowest < 50, `the lowest level is ${lowest}`);
    assert.ok(highest > 200, `the highest level is ${highest}`);
  }

  it("finds the person when served from the page's own origin", async () => {
    assertPersonFound(await visit(`${site.url}/own.html`));
  });

  it('finds the person when served from another origin', async () => {
    assertPersonFound(await visit(`${site.url}/cdn.html`));
  });

  it('gives masks on WebGPU when served from another origin', async () => {
    await visit(`${site.url}/cdn-webgpu.html`);
  });

  for (const path of ['/own.html', '/cdn.html']) {
    it(`finds the person with threads on a cross-origin isolated page: ${path}`, async () => {
      let threads: readonly string[] = [];
      const prepare = async (page: Page): Promise<void> => {
        threads = await watchThreads(page);
      };
      assertPersonFound(await visit(`${isolatedSite.url}${path}`, prepare));
      assert.deepEqual(threads, ['em-pthread', 'em-pthread', 'em-pthread']);
    });
  }
});
