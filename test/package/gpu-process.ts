import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import { launchChrome } from '../../tools/launch-chrome.ts';
import { startOrigin, type Origin } from '../../tools/origin.ts';
import { installedPackage } from './installed-package.ts';

const dist = join(installedPackage.folder, 'dist');
const models = fileURLToPath(new URL('../assets/models/', import.meta.url));

/** `backend="auto"` passes GPUs in software by; this browser has no other, so it is taken for a real one. */
const pretendHardware = `for (const [name, value] of Object.entries({ isFallbackAdapter: false, architecture: '', device: '', description: '' }))
  Object.defineProperty(GPUAdapterInfo.prototype, name, { get: () => value });`;

/** A person on the left, in green as the model likes them, and to be hidden, in red, on the right. */
const document = `<!doctype html>
<link rel="icon" href="data:,">
<title>GPU process</title>
<style>body { margin: 0; background: blue } void-segmenter { width: 64px; height: 48px }</style>
<script>${pretendHardware}</script>
<script type="module" src="/dist/void-segmenter.min.js"></script>
<void-segmenter model="/models/green.json" effect="cutout"></void-segmenter>
<script>
  const element = document.querySelector('void-segmenter');
  const events = [];
  for (const type of ['void-error', 'void-backend-change']) {
    element.addEventListener(type, (event) =>
      events.push([type, event.error?.code ?? event.from + ' to ' + event.to].join(' ')),
    );
  }
  element.src =
    'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48">' +
    '<rect width="32" height="48" fill="lime"/><rect x="32" width="32" height="48" fill="red"/></svg>';

  async function pixelsOf(blob) {
    const bitmap = await createImageBitmap(blob);
    const target = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d', {
      willReadFrequently: true,
    });
    target.drawImage(bitmap, 0, 0);
    return [8, 56].map((x) => [...target.getImageData(x, 24, 1, 1).data].join());
  }
  async function shown() {
    return { backend: element.activeBackend, pixels: await pixelsOf(await element.toBlob()) };
  }
</script>`;

/** Left and right pixel of what is there to be seen of the page. */
async function look(page: Page): Promise<string[]> {
  const png = await page.screenshot({
    encoding: 'base64',
    clip: { x: 0, y: 0, width: 64, height: 48 },
  });
  return page.evaluate(
    `fetch('data:image/png;base64,${png}').then((answer) => answer.blob()).then(pixelsOf)`,
  ) as Promise<string[]>;
}

async function crashGpuProcess(browser: Browser): Promise<void> {
  const session = await browser.target().createCDPSession();
  await session.send('Browser.crashGpuProcess');
  await session.detach();
}

describe('killed GPU process', () => {
  let browser: Browser;
  let origin: Origin;
  let page: Page;
  /** Of the right pixel, which is to be the page's blue or, while a frame is composed anew, anything but red. */
  const seen: string[] = [];

  before(async () => {
    const worker = readFileSync(join(dist, 'void-segmenter.render-jspi.js'), 'utf8');
    origin = await startOrigin({
      folders: { '/dist/': dist, '/models/': models },
      pages: {
        '/index.html': document,
        '/dist/void-segmenter.render-jspi.js': `${pretendHardware}\n${worker}`,
      },
    });
    browser = await launchChrome();
    page = await browser.newPage();
    page.setDefaultTimeout(60_000);
    await page.goto(`${origin.url}/index.html`);
    await page.waitForFunction('element.state === "running"');
  });

  after(async () => {
    await browser.close();
    origin.close();
  });

  /** What the element shows by `toBlob`, once it shows something by this backend; looks at the page before, meanwhile and then. */
  async function waitForBackend(backend: string): Promise<string[]> {
    const deadline = Date.now() + 60_000;
    const glance = async (): Promise<unknown> => seen.push(...(await look(page)).slice(1));
    for (;;) {
      await glance();
      const { backend: active, pixels } = (await page
        .evaluate('shown()')
        .catch(() => ({ backend: null, pixels: [] }))) as { backend: string; pixels: string[] };
      if (active === backend && pixels[0] === '0,255,0,255') {
        await glance();
        return pixels;
      }
      assert.ok(Date.now() < deadline, `${active} shows ${pixels.join(' and ')}`);
    }
  }

  it('runs on the GPU to begin with', async () => {
    assert.deepEqual(await waitForBackend('webgpu'), ['0,255,0,255', '0,0,0,0']);
    assert.deepEqual(await look(page), ['0,255,0,255', '0,0,255,255']);
  });

  it('goes on by itself on a new device', async () => {
    await crashGpuProcess(browser);
    assert.deepEqual(await waitForBackend('webgpu'), ['0,255,0,255', '0,0,0,0']);
    assert.deepEqual(await page.evaluate('events'), []);
  });

  it('takes the next backend after a second time within a minute', async () => {
    await crashGpuProcess(browser);
    assert.deepEqual(await waitForBackend('wasm'), ['0,255,0,255', '0,0,0,0']);
    assert.deepEqual(await page.evaluate('events'), ['void-backend-change webgpu to wasm']);
    assert.deepEqual(await look(page), ['0,255,0,255', '0,0,255,255']);
  });

  it('never shows what is to be hidden', () => {
    assert.ok(seen.length > 3, `${seen.length} looks`);
    assert.ok(!seen.includes('255,0,0,255'), seen.join(' '));
  });
});
