import type { Browser, Page } from 'puppeteer-core';
import type { HookReport } from '../pages/hooks.ts';
import type { Size } from './arguments.ts';
import { pickModel } from './models.ts';
import { listRows, nameRow, type Row } from './rows.ts';
import { BenchPage, launch, optionsFor, type BenchContext } from './session.ts';
import { distUrls } from './site.ts';

/** What one frame reads back, copies and creates, and what its passes take on the GPU. */
export interface CopiesResult {
  readonly row: Row;
  readonly size: Size;
  readonly callsPerFrame: Readonly<Record<string, number>>;
  /** By the label of the pass; ONNX Runtime's have none. Empty where the GPU takes no timestamps. */
  readonly gpuPerFrame: Readonly<Record<string, { readonly passes: number; readonly ms: number }>>;
}

/** With ONNX Runtime's 100 passes a frame, more would not fit into the timestamps that are kept. */
const maxFrames = 15;

/** Collects what the page and all its workers counted. */
const collectReports = `(async () => {
  const line = new BroadcastChannel('bench-hooks');
  const answers = [await benchHooks.report()];
  line.addEventListener('message', ({ data }) => answers.push(data));
  line.postMessage('report');
  await new Promise((resolve) => setTimeout(resolve, 1000));
  line.close();
  return answers;
})()`;

const resetHooks = `(async () => {
  benchHooks.reset();
  const line = new BroadcastChannel('bench-hooks');
  line.postMessage('reset');
  await new Promise((resolve) => setTimeout(resolve, 200));
  line.close();
})()`;

/** Runs each row at the largest size on pages with hooks. Their times mean nothing: hooks cost. */
export async function measureCopies(context: BenchContext): Promise<CopiesResult[]> {
  const { backends, sizes, model, variants } = context.arguments;
  const size = sizes.at(-1) as Size;
  const rows = backends.flatMap((backend) => listRows(backend, pickModel(size, model), variants));
  const browser = await launch(context);
  try {
    const results: CopiesResult[] = [];
    for (const row of rows) {
      context.report(`copies: ${nameRow(row)}`);
      results.push(await measureRow(context, browser, row, size));
    }
    return results;
  } finally {
    await browser.close();
  }
}

async function measureRow(
  context: BenchContext,
  browser: Browser,
  row: Row,
  size: Size,
): Promise<CopiesResult> {
  const bench = await BenchPage.open(browser, `${context.site.url}/hooked.html`);
  try {
    await bench.call('load', optionsFor(context, row, size, distUrls.hooked), 4);
    await bench.call('runBlock', row, { warmUpMs: 0, durationMs: 60_000, maxFrames: 3 });
    await bench.page.evaluate(resetHooks);
    const { frameMs, warmUpFrames } = await bench.call('runBlock', row, {
      warmUpMs: 0,
      durationMs: 60_000,
      maxFrames,
    });
    const frames = frameMs.length + warmUpFrames;
    const reports = await collect(bench.page);
    return {
      row,
      size,
      callsPerFrame: averageCalls(reports, frames),
      gpuPerFrame: averagePasses(reports, frames),
    };
  } finally {
    await bench.page.close();
  }
}

async function collect(page: Page): Promise<HookReport[]> {
  return (await page.evaluate(collectReports)) as HookReport[];
}

function averageCalls(reports: readonly HookReport[], frames: number): Record<string, number> {
  const calls: Record<string, number> = {};
  for (const { counts } of reports) {
    for (const [name, count] of Object.entries(counts)) {
      calls[name] = (calls[name] ?? 0) + count / frames;
    }
  }
  return calls;
}

function averagePasses(
  reports: readonly HookReport[],
  frames: number,
): CopiesResult['gpuPerFrame'] {
  const average: Record<string, { passes: number; ms: number }> = {};
  for (const [label, { passes, ms }] of reports.flatMap((report) =>
    Object.entries(report.passes),
  )) {
    const of = (average[label || 'inference'] ??= { passes: 0, ms: 0 });
    of.passes += passes / frames;
    of.ms += ms / frames;
  }
  return average;
}
