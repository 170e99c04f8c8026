import type { Browser } from 'puppeteer-core';
import type { StageTimes } from '../../src/stage.ts';
import type { Size } from './arguments.ts';
import { pickModel } from './models.ts';
import { listRows, nameRow, type Row } from './rows.ts';
import { BenchPage, launch, optionsFor, type BenchContext } from './session.ts';
import { distribute, sum, type Distribution } from './statistics.ts';

/** How fast frames go through when the next is always there. */
export interface FramesResult {
  readonly row: Row;
  readonly size: Size;
  readonly framesPerSecond: number;
  readonly frameMs: Distribution;
  /** Worker time by stage; only the element tells it. */
  readonly stages: Readonly<Record<keyof StageTimes, Distribution>> | undefined;
  readonly pageBusyMsPerFrame: number;
}

/** Rows take turns of this length, so that what else the machine does meets all of them. */
const turnMs = 2000;
/** Not counted, at the start of each turn. */
const warmUpMs = 500;

/** Different pictures, so that nothing is the same twice in a row. */
const frameCount = 12;

class Samples {
  readonly frameMs: number[] = [];
  readonly stages: StageTimes[] = [];
  busyMs = 0;
}

/** Every row in one browser, each in a tab of its own, in turns. */
export async function measureFrames(context: BenchContext): Promise<FramesResult[]> {
  const results: FramesResult[] = [];
  for (const size of context.arguments.sizes) {
    const browser = await launch(context);
    try {
      results.push(...(await measureSize(context, browser, size)));
    } finally {
      await browser.close();
    }
  }
  return results;
}

async function measureSize(
  context: BenchContext,
  browser: Browser,
  size: Size,
): Promise<FramesResult[]> {
  const { backends, model, seconds, variants } = context.arguments;
  const rows = backends.flatMap((backend) => listRows(backend, pickModel(size, model), variants));
  const pages = new Map<string, BenchPage>();
  const samples = new Map<Row, Samples>();
  const turns = Math.max(1, Math.round((1000 * seconds) / turnMs));
  for (let turn = 0; turn < turns; turn++) {
    for (const row of rows) {
      context.report(
        `frames ${size.width}x${size.height}, turn ${turn + 1} of ${turns}: ${nameRow(row)}`,
      );
      const key = JSON.stringify([row.subject, row.backend, row.variant]);
      const page = pages.get(key) ?? (await openPage(context, browser, row, size));
      pages.set(key, page);
      const taken = samples.get(row) ?? new Samples();
      samples.set(row, taken);
      await takeTurn(page, row, Math.min(turnMs, 1000 * seconds), taken);
    }
  }
  return rows.map((row) => summarize(row, size, samples.get(row) as Samples));
}

async function openPage(
  context: BenchContext,
  browser: Browser,
  row: Row,
  size: Size,
): Promise<BenchPage> {
  const page = await BenchPage.open(browser, `${context.site.url}/bench.html`);
  await page.call('load', optionsFor(context, row, size), frameCount);
  // The first turn is not to pay for compiling.
  await page.call('runBlock', row, { warmUpMs: 0, durationMs: 500, maxFrames: 5 });
  return page;
}

async function takeTurn(
  page: BenchPage,
  row: Row,
  durationMs: number,
  samples: Samples,
): Promise<void> {
  // Browsers slow down what is not looked at.
  await page.page.bringToFront();
  const busyBeforeMs = await page.busyMs();
  const { frameMs, stages, warmUpFrames } = await page.call('runBlock', row, {
    warmUpMs,
    durationMs,
    maxFrames: 100_000,
  });
  const busyMs = (await page.busyMs()) - busyBeforeMs;
  samples.frameMs.push(...frameMs);
  samples.stages.push(...stages);
  samples.busyMs += (busyMs * frameMs.length) / (frameMs.length + warmUpFrames);
}

function summarize(row: Row, size: Size, { frameMs, stages, busyMs }: Samples): FramesResult {
  const of = (stage: keyof StageTimes): Distribution =>
    distribute(stages.map((times) => times[stage]));
  return {
    row,
    size,
    framesPerSecond: (1000 * frameMs.length) / sum(frameMs),
    frameMs: distribute(frameMs),
    stages:
      stages.length === 0
        ? undefined
        : {
            uploadMs: of('uploadMs'),
            preprocessMs: of('preprocessMs'),
            inferenceMs: of('inferenceMs'),
            postprocessMs: of('postprocessMs'),
            compositeMs: of('compositeMs'),
          },
    pageBusyMsPerFrame: busyMs / frameMs.length,
  };
}
