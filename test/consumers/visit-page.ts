import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Frame, Page } from 'puppeteer-core';
import { startOrigin, type Origin } from '../../tools/origin.ts';
import { collectComplaints, watchThreads } from '../../tools/package/browser.ts';
import { sampleClip } from '../../tools/sample-clip.ts';
import { InstalledApp } from './installed-app.ts';
import { greenShare, until } from './visit-app.ts';

/** What runs the model: WebAssembly with the built-in one, or WebGPU with a toy by one of two builds of ONNX Runtime. */
export type Runner = 'wasm' | 'webgpu, jspi' | 'webgpu, asyncify';
export const runners: readonly Runner[] = ['wasm', 'webgpu, jspi', 'webgpu, asyncify'];

type Headers = Readonly<Record<string, string>>;

/** A page with the script tag. In headers and HTML, `CDN` stands for the other origin. */
export interface PageOptions {
  readonly runner?: Runner;
  /** Of the page and of everything from its origin but the package's files. */
  readonly headers?: Headers;
  /** Of the package's files, if they are the page's own. Default: none. */
  readonly fileHeaders?: Headers;
  /** Of the package's files, if they are from another origin. */
  readonly cdnHeaders?: Headers | undefined;
  /** Of every script of the page. */
  readonly nonce?: string;
  /** Before the script tag. */
  readonly head?: string;
  readonly attributes?: string;
  /** The page is in a frame of these attributes, on a page of another origin with these headers. */
  readonly frame?: { readonly attributes: string; readonly headers?: Headers };
  /** What may be complained about. */
  readonly expected?: RegExp;
  /** More files of the page's origin. */
  readonly files?: Readonly<Record<string, string>>;
}

/** What a page showed, or how it failed. */
export type Outcome = Shown | Failed;

interface Shown {
  readonly backend: string;
  readonly isIsolated: boolean;
  /** Of the first mask. */
  readonly lowest: number;
  readonly highest: number;
  /** Threads that inference workers started. */
  readonly threads: number;
}

interface Failed {
  readonly code: string;
  readonly message: string;
}

export const cors: Headers = { 'Access-Control-Allow-Origin': '*' };

const toyModels = fileURLToPath(new URL('../assets/models/', import.meta.url));

/** Says what came first, a mask or an error, and which policies were violated. */
const report = `
  violations = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
    violations.push(effectiveDirective + ' ' + blockedURI));
  outcome = new Promise((resolve) => {
    const element = document.querySelector('void-segmenter');
    setTimeout(resolve, 120_000, { code: 'silence', message: 'neither mask nor error' });
    element.addEventListener('void-error', ({ error: { code, message } }) => resolve({ code, message }));
    element.addEventListener('void-mask', ({ mask: { data } }) => resolve({
      backend: element.activeBackend,
      isIsolated: crossOriginIsolated,
      lowest: data.reduce((lowest, level) => Math.min(lowest, level)),
      highest: data.reduce((highest, level) => Math.max(highest, level)),
    }));
  });`;

function createHtml({
  runner = 'wasm',
  cdnHeaders,
  nonce = '',
  head = '',
  attributes = 'src="/media/cap12_edit.webm"',
}: PageOptions): string {
  const model =
    runner === 'wasm' ? 'backend="wasm"' : 'backend="webgpu" model="/models/green.json"';
  return `<!doctype html>
    <html lang="en">
      <title>void-segmenter</title>
      ${head}
      <script type="module" nonce="${nonce}" src="${cdnHeaders ? 'CDN' : ''}/dist/void-segmenter.min.js"></script>
      <void-segmenter ${model} effect="replace" background="seagreen" mask-output="alpha" autoplay muted loop ${attributes}></void-segmenter>
      <script nonce="${nonce}" src="/report.js"></script>
    </html>`;
}

/** The package as npm installs it, once. */
let installing: Promise<InstalledApp> | undefined;

/**
 * Opens a page and waits for its first mask or error. With a mask, there must be pixels to see as well, and nothing may have been
 * complained about: no message on the console, no request that failed, no violation of a policy.
 *
 * @param use - Goes on with the page, or with the frame that it is in.
 */
export async function visitPage(
  browser: Browser,
  options: PageOptions = {},
  use?: (page: Page | Frame) => Promise<void>,
): Promise<Outcome> {
  const { headers = {}, fileHeaders = {}, cdnHeaders, runner = 'wasm', frame } = options;
  installing ??= InstalledApp.install('html');
  const dist = join((await installing).folder, 'node_modules/void-segmenter/dist');
  const origins: Origin[] = [];
  const page = await browser.newPage();
  try {
    let cdnUrl = '';
    const start = async (...[given]: Parameters<typeof startOrigin>): Promise<string> => {
      origins.push(await startOrigin(given));
      return origins.at(-1)?.url ?? '';
    };
    const fill = (text: string): string => text.replaceAll('CDN', cdnUrl);
    if (cdnHeaders) cdnUrl = await start({ folders: { '/dist/': dist }, headers: cdnHeaders });
    const site = await start({
      folders: { '/media/': dirname(sampleClip), '/models/': toyModels, '/dist/': dist },
      pages: {
        '/page.html': fill(createHtml(options)),
        '/report.js': report,
        '/favicon.ico': '',
        ...options.files,
      },
      headers: (path) => {
        const of = path.startsWith('/dist/') ? fileHeaders : headers;
        return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, fill(value)]));
      },
    });
    let url = `${site}/page.html`;
    if (frame) {
      const html = `<!doctype html><html lang="en"><title>A page around</title><iframe ${frame.attributes} width="420" height="320" src="${url}"></iframe></html>`;
      const pages = { '/page.html': html, '/favicon.ico': '' };
      url = `${await start({ pages, headers: frame.headers ?? {} })}/page.html`;
    }

    if (runner === 'webgpu, asyncify') {
      await page.evaluateOnNewDocument('delete WebAssembly.Suspending');
    }
    const threads = await watchThreads(page);
    const complaints = collectComplaints(page);
    page.on('console', (message) => {
      if (!['error', 'warn'].includes(message.type())) complaints.push(message.text());
    });
    await page.goto(url);
    const inner = frame ? page.frames().find((child) => child.parentFrame()) : page;
    assert.ok(inner);
    const outcome = (await inner.evaluate('outcome')) as Outcome;
    if ('code' in outcome) return outcome;

    await until(async () => (await greenShare(inner)) > 0.05, 'nothing of the wall is to be seen');
    await use?.(inner);
    complaints.push(...((await inner.evaluate('violations')) as string[]));
    assert.deepEqual(
      complaints.filter((complaint) => !options.expected?.test(complaint)),
      [],
    );
    return { ...outcome, threads: threads.length };
  } finally {
    await page.close();
    for (const origin of origins) origin.close();
  }
}

/** Sees masks, of the person with the built-in model. */
export function assertShown(outcome: Outcome, runner: Runner = 'wasm'): asserts outcome is Shown {
  if ('code' in outcome) assert.fail(`${outcome.code}: ${outcome.message}`);
  assert.equal(outcome.backend, runner.split(',')[0]);
  if (runner !== 'wasm') return;
  assert.ok(outcome.lowest < 50, `the lowest level is ${outcome.lowest}`);
  assert.ok(outcome.highest > 200, `the highest level is ${outcome.highest}`);
}

/** Sees an error of a code whose sentence says what helps. */
export function assertFailed(outcome: Outcome, code: string, wayOut: RegExp): void {
  assert.ok('code' in outcome, 'it works');
  assert.equal(outcome.code, code, outcome.message);
  assert.match(outcome.message, wayOut);
}
