/** The demo in Chrome, as axe and a screen reader find it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startDevServer } from '@web/dev-server';
import { PNG } from 'pngjs';
import type { Browser, CDPSession, Page, SerializedAXNode } from 'puppeteer-core';
import { launchChrome } from '../../tools/launch-chrome.ts';
import { sourcePlugins } from '../../tools/source-plugins.mjs';
import { findViolations } from '../helpers/axe.ts';

const looks = [
  { scheme: 'dark', forced: 'none' },
  { scheme: 'light', forced: 'none' },
  { scheme: 'dark', forced: 'active' },
  { scheme: 'light', forced: 'active' },
] as const;
const label = 'The person in the picture, with the chosen effect';

let server: Awaited<ReturnType<typeof startDevServer>>;
let browser: Browser;
let page: Page;
let devtools: CDPSession;

/** What the visitor's system asks for. */
function emulate(scheme: string, forced: string, motion = 'reduce'): Promise<void> {
  const features = [
    { name: 'prefers-color-scheme', value: scheme },
    { name: 'forced-colors', value: forced },
    { name: 'prefers-reduced-motion', value: motion },
  ];
  return devtools.send('Emulation.setEmulatedMedia', { features });
}

/** Sets properties of the demo's first element and waits for a state. */
function reach(state: string, change: string): Promise<unknown> {
  return page.evaluate(`new Promise((resolve) => {
    const segmenter = document.querySelector('#segmenter');
    const check = () => segmenter.state === '${state}' && resolve();
    segmenter.addEventListener('void-state-change', check);
    ${change};
    segmenter.updateComplete.then(check);
  })`);
}

async function listViolations(): Promise<string[]> {
  const found: string[] = [];
  for (const { scheme, forced } of looks) {
    await emulate(scheme, forced);
    // The contrast of forced colours is the browser's; axe sees those that are not in force.
    const rules = { 'color-contrast': { enabled: forced === 'none' } };
    const violations = await findViolations(page, { rules });
    found.push(...violations.map((violation) => `${scheme}, forced ${forced}: ${violation}`));
  }
  return found;
}

function flatten(node: SerializedAXNode): SerializedAXNode[] {
  return [node, ...(node.children ?? []).flatMap(flatten)];
}

/** All that a screen reader can come to. */
async function listNodes(): Promise<SerializedAXNode[]> {
  const tree = await page.accessibility.snapshot({ includeIframes: false });
  assert.ok(tree);
  return flatten(tree);
}

describe('accessibility of the demo', () => {
  before(async () => {
    server = await startDevServer({
      config: {
        rootDir: process.cwd(),
        nodeResolve: { exportConditions: ['browser', 'development'] },
        plugins: sourcePlugins(),
      },
      readCliArgs: false,
      readFileConfig: false,
      logStartMessage: false,
    });
    browser = await launchChrome('none');
    page = await browser.newPage();
    devtools = await page.createCDPSession();
    await emulate('dark', 'none');
    await page.goto(`http://localhost:${server.config.port}/demo/`);
  });

  after(async () => {
    await browser.close();
    await server.stop();
  });

  it('does not begin to play where motion is not wanted', async () => {
    await reach('paused', '');
  });

  it('shows one picture by its name, and not what lies under it', async () => {
    const nodes = await listNodes();
    const named = nodes.filter(({ name }) => name === label);
    assert.deepEqual(
      named.map(({ role }) => role),
      ['image'],
    );
    assert.ok(!nodes.some(({ role }) => role === 'Video'));
  });

  it('shows what is chosen in forced colours', async () => {
    await emulate('dark', 'active');
    const ground = async (selector: string): Promise<string> => {
      const button = await page.$(selector);
      const png = PNG.sync.read(Buffer.from((await button?.screenshot()) ?? []));
      const nearEdge = 4 * (png.width * (png.height >> 1) + 8);
      return png.data.subarray(nearEdge, nearEdge + 3).toString('hex');
    };
    for (const [chosen, other] of [
      ['[data-source=clip]', '[data-source=camera]'],
      ['[value=auto] + span', '[value=wasm] + span'],
    ] as const) {
      assert.notEqual(await ground(chosen), await ground(other), chosen);
    }
  });

  it('has no violations while it runs', async () => {
    await reach('running', 'void segmenter.play()');
    assert.deepEqual(await listViolations(), []);
  });

  it('holds a video behind the person still where motion is not wanted', async () => {
    const isStill = async (motion: string): Promise<boolean> => {
      await emulate('dark', 'none', motion);
      return (await page.evaluate(`(async () => {
        const element = document.createElement('void-segmenter');
        const shown = async () => (await element.toBlob()).size;
        const canvas = document.createElement('canvas');
        canvas.getContext('2d').fillRect(0, 0, 64, 64);
        element.srcObject = canvas;
        element.effect = 'replace';
        element.background = document.querySelector('#segmenter').src;
        document.body.append(element);
        await element.play();
        const later = [];
        for (let i = 0; i < 20; i++) {
          await new Promise((resolve) => setTimeout(resolve, 100));
          later.push(await shown());
        }
        element.remove();
        return later.slice(10).every((size) => size === later[9]);
      })()`)) as boolean;
    };
    assert.equal(await isStill('reduce'), true);
    assert.equal(await isStill('no-preference'), false);
  });

  it('has no violations without a source', async () => {
    await reach('idle', "segmenter.src = ''");
    assert.deepEqual(await listViolations(), []);
  });

  it('tells of a failure, without violations', async () => {
    await reach('failed', "segmenter.srcObject = null; segmenter.src = '/no-such-video.webm'");
    assert.deepEqual(await listViolations(), []);
    const status = (await listNodes()).find(
      ({ role, children }) =>
        role === 'status' &&
        children?.flatMap(flatten).some(({ name }) => name?.includes('no-such-video.webm')),
    );
    assert.ok(status);
  });
});
