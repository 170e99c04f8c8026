import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser, Frame, Page } from 'puppeteer-core';
import type { Example } from '../../tools/docs/example.ts';
import { visits } from '../../tools/docs/sizes.ts';
import { launchChrome } from '../../tools/launch-chrome.ts';
import { startOrigin, type Origin } from '../../tools/origin.ts';
import { collectComplaints } from '../../tools/package/browser.ts';
import { findViolations } from '../helpers/axe.ts';
import { buildTestSite } from './built-site.ts';
import { look, pressButton, type ExampleReport } from './run-example.ts';

const limitMs = 90_000;
const { folder, examples } = await buildTestSite({ withClasses: true });

/** Examples that are about failing. Browsers write what they cannot fetch to the console. */
function isToFail({ path, code }: Example): boolean {
  return path.startsWith('examples/troubleshooting/') || code.includes('media/none.');
}

/** Says what is missing for the example to have done what it shows; empty once it has. */
function findLack(example: Example, report: ExampleReport): string {
  const { code, path } = example;
  const { state, effect, output, clear, solid, changed } = report;
  if (path.startsWith('examples/troubleshooting/')) {
    const errorCode = path.slice(path.lastIndexOf('/') + 1);
    return output.startsWith(`${errorCode}: `) ? '' : 'its error';
  }
  if (code.includes('<output></output>') && !output) return 'output';
  if (code.includes('media/none.')) return state === 'failed' ? '' : 'the failure';
  // Without a source there is nothing to show.
  const isIdle = !code.includes('<void-segmenter') || /hidden>|<void-segmenter><\/v/.test(code);
  if (isIdle) return '';
  // The fake camera sees nobody.
  if (code.includes('camera') || effect === 'none') {
    return state === 'running' ? '' : 'the state running';
  }
  if (effect === 'cutout') return clear > 0.1 && solid > 0.02 ? '' : 'a cut-out';
  if (effect === 'mask') return changed > 0.5 ? '' : 'a mask';
  return changed > 0.02 && changed < 0.99 ? '' : 'an effect';
}

describe('live examples', () => {
  let browser: Browser;
  let site: Origin;

  before(async () => {
    const camera = ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'];
    browser = await launchChrome('none', camera);
    // What is kept is compiled once for all examples.
    const headers = { 'Cache-Control': 'max-age=3600' };
    site = await startOrigin({ folders: { '/': folder }, headers });
  });

  after(async () => {
    await browser.close();
    site.close();
  });

  async function waitUntilDone(frame: Frame, example: Example): Promise<void> {
    const endMs = performance.now() + limitMs;
    for (;;) {
      const report = await look(frame);
      const lack = findLack(example, report);
      if (!lack) return;
      const what = `${lack} is missing: ${JSON.stringify(report)}`;
      assert.ok(performance.now() < endMs, what);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  for (const example of examples) {
    it(example.path, async () => {
      const page = await browser.newPage();
      try {
        const complaints = collectComplaints(page);
        await page.goto(`${site.url}/${example.path}.html`);
        const frame = example.allow ? await putIntoFrame(page, example.allow) : page.mainFrame();
        if (example.code.includes('<button')) await pressButton(frame);
        await waitUntilDone(frame, example);
        assert.deepEqual(await findViolations(frame, { runOnly: ['wcag2a', 'wcag2aa'] }), []);
        if (!isToFail(example)) assert.deepEqual(complaints.filter(isComplaint), []);
      } finally {
        await page.close();
      }
    });
  }

  it('fetches for WebAssembly the files that the table of sizes sums up', async () => {
    const sent = new Set<string>();
    const origin = await startOrigin({
      folders: { '/': folder },
      onSent: (path) => sent.add(path),
    });
    const page = await browser.newPage();
    await page.goto(`${origin.url}/examples/api/attributes/backend.html`);
    await page.waitForFunction(
      () => document.querySelector('void-segmenter')?.state === 'running',
      { timeout: limitMs },
    );
    await page.close();
    origin.close();
    const prefix = '/void-segmenter/';
    const fetched = [...sent].filter((path) => path.startsWith(prefix));
    assert.deepEqual(
      fetched.map((path) => path.slice(prefix.length)).sort(),
      visits['WebAssembly']?.toSorted(),
    );
  });
});

/** Opens what a page shows in a frame of its own, with that frame's permissions. */
async function putIntoFrame(page: Page, allow: string): Promise<Frame> {
  await page.evaluate((value) => {
    const frame = document.createElement('iframe');
    frame.allow = value;
    frame.src = location.href;
    frame.title = document.title;
    document.body.replaceChildren(frame);
  }, allow);
  // Not for an idle network: what the page itself had begun to load is broken off, and may never be told of as done.
  const frame = await page.waitForFrame(
    (candidate) => candidate !== page.mainFrame() && candidate.url() === page.url(),
  );
  await frame.waitForSelector('void-segmenter');
  return frame;
}

/** Chrome tells of every search for a GPU that finds none, and of requests that are not needed any more. */
function isComplaint(text: string): boolean {
  return !/^No available adapters|ERR_ABORTED/.test(text);
}
