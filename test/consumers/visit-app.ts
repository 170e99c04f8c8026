import assert from 'node:assert/strict';
import type { Browser, Frame, Page } from 'puppeteer-core';
import pngjs from 'pngjs';
import { collectComplaints } from '../../tools/package/browser.ts';
import { findViolations } from '../helpers/axe.ts';
import type { Consumer } from './consumer.ts';

/** The background that every app puts behind the person at first: CSS `seagreen`. */
const seagreen = [46, 139, 87] as const;

/**
 * Opens an app and uses it as a visitor does. All apps show the same: a `<void-segmenter>` with the person before a green wall, an
 * `<output>` with the share of the picture that is the person, taken from `void-mask` events, a `<select>` of the effect, a `<button>` that
 * pauses and plays, and a checkbox that takes the element out of the page and puts one in. axe finds nothing wrong with it.
 *
 * @param options.webgpu - Go on with a toy model on the WebGPU worker.
 * @param options.isStill - Nothing may have moved on the page until then.
 */
export async function visitApp(
  browser: Browser,
  url: string,
  { webgpu = false, isStill = false }: Pick<Consumer, 'webgpu' | 'isStill'> = {},
): Promise<void> {
  const page = await browser.newPage();
  try {
    const complaints = collectComplaints(page);
    await page.goto(url);
    await page.waitForFunction(
      `/\\d+ %/.test(document.querySelector('output')?.textContent ?? '')`,
      { timeout: 120_000 },
    );
    const percent = Number.parseInt(await textOf(page, 'output'), 10);
    assert.ok(percent > 10 && percent < 90, `the person covers ${percent} % of the picture`);

    // A mask may come a moment before its picture.
    await until(async () => isPart(await greenShare(page)), 'no person before a green wall');
    if (isStill) assert.deepEqual(await layoutShifts(page), []);
    assert.deepEqual(await findViolations(page, { runOnly: ['wcag2a', 'wcag2aa'] }), []);

    await page.select('select', 'blur');
    await until(async () => (await greenShare(page)) < 0.02, 'the effect does not change');

    await page.click('button');
    await until(async () => (await stateOf(page)) === 'paused', 'the app cannot pause');
    await page.click('button');
    await until(async () => (await stateOf(page)) === 'running', 'the app cannot go on');

    assert.ok(page.workers().length > 0);
    await page.click('input');
    await until(() => Promise.resolve(page.workers().length === 0), 'workers outlive the element');
    assert.equal(await page.$('void-segmenter'), null);
    await page.select('select', 'replace');
    await page.click('input');
    await until(async () => (await greenShare(page)) > 0.1, 'the element does not come back');

    assert.deepEqual(complaints.filter(isOurs), []);
    if (webgpu) await useWebGpu(page);
    assert.deepEqual(complaints.filter(isOurs), []);
  } finally {
    await page.close();
  }
}

/**
 * Development servers pick lit's development build, which says so. Parcel's knows no `ETag` and sends a model again
 * though it is the same by its date: the request is given up.
 */
function isOurs(complaint: string): boolean {
  return !/^Lit is in dev mode|^net::ERR_ABORTED \S+\/models\/selfie\S*$/.test(complaint);
}

/** What moved on the page since it was opened, by the share of the window that it moved in. */
export function layoutShifts(page: Page): Promise<number[]> {
  return page.evaluate(`new Promise((resolve) => {
    new PerformanceObserver((list) => resolve(list.getEntries().map(({ value }) => value)))
      .observe({ type: 'layout-shift', buffered: true });
    // Without any it is never called.
    requestAnimationFrame(() => setTimeout(resolve, 100, []));
  })`) as Promise<number[]>;
}

/** The toy model finds green things; that frames come at all tells that the worker, its wasm file and WebGPU work. */
async function useWebGpu(page: Page): Promise<void> {
  const backend = await page.evaluate(`new Promise((resolve, reject) => {
    const element = document.querySelector('void-segmenter');
    element.addEventListener('void-error', ({ error }) => reject(error));
    element.addEventListener('void-ready', () => {
      element.addEventListener('void-mask', () => resolve(element.activeBackend), { once: true });
    });
    element.model = new URL('green.json', new URL(element.src, location.href)).href;
    element.backend = 'webgpu';
  })`);
  assert.equal(backend, 'webgpu');
}

async function textOf(page: Page, selector: string): Promise<string> {
  return (await page.evaluate(
    `document.querySelector(${JSON.stringify(selector)}).textContent`,
  )) as string;
}

async function stateOf(page: Page): Promise<string> {
  return (await page.evaluate(`document.querySelector('void-segmenter').state`)) as string;
}

/** Share of the element's pixels, as the visitor sees them, that have the colour of the wall. */
export async function greenShare(page: Page | Frame): Promise<number> {
  const element = await page.waitForSelector('void-segmenter');
  assert.ok(element);
  const { data } = pngjs.PNG.sync.read(Buffer.from(await element.screenshot()));
  let green = 0;
  for (let i = 0; i < data.length; i += 4) {
    const isWall = seagreen.every(
      (level, channel) => Math.abs((data[i + channel] ?? 0) - level) < 12,
    );
    if (isWall) green += 4;
  }
  return green / data.length;
}

function isPart(share: number): boolean {
  return share > 0.1 && share < 0.9;
}

export async function until(isTrue: () => Promise<boolean>, complaint: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await isTrue()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(complaint);
}
