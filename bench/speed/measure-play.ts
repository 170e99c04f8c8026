import type { Size } from './arguments.ts';
import { pickModel } from './models.ts';
import { readProcessMemory, type ProcessMemory } from './process-memory.ts';
import { listParts, nameRow, type Row } from './rows.ts';
import { BenchPage, launch, optionsFor, type BenchContext } from './session.ts';
import { distribute, type Distribution } from './statistics.ts';

/** How it is to look at: the clip in real time. */
export interface PlayResult {
  readonly row: Row;
  readonly size: Size;
  readonly framesPerSecond: number;
  readonly droppedPerSecond: number;
  /** What the page thread was busy with, a frame shown. */
  readonly pageBusyMsPerFrame: number;
  /** Of that, tasks over 50 ms. */
  readonly longTasksMsPerFrame: number;
  /** How late a timer came on the page thread. */
  readonly latenessMs: Distribution;
  readonly memory: readonly (ProcessMemory & { readonly seconds: number })[];
}

/** Plays the clip at the largest size, each subject in a browser of its own; first the clip alone. */
export async function measurePlay(context: BenchContext): Promise<PlayResult[]> {
  const { backends, sizes, model, variants } = context.arguments;
  const size = sizes.at(-1) as Size;
  const view = { effect: 'cutout', hasMask: false } as const;
  const rows: Row[] = [
    { subject: 'video', backend: 'wasm', variant: {}, ...view },
    ...backends.flatMap((backend) =>
      listParts(backend, pickModel(size, model), variants).map((part) => ({ ...part, ...view })),
    ),
  ];
  const results: PlayResult[] = [];
  for (const row of rows) {
    context.report(`play: ${nameRow(row)}`);
    results.push(await measureRow(context, row, size));
  }
  return results;
}

async function measureRow(context: BenchContext, row: Row, size: Size): Promise<PlayResult> {
  const browser = await launch(context);
  try {
    const unused = await browser.pages();
    const bench = await BenchPage.open(browser, `${context.site.url}/bench.html`);
    for (const page of unused) await page.close();
    await bench.call('load', optionsFor(context, row, size), 0);
    await bench.call('play', row);
    const memory: (ProcessMemory & { seconds: number })[] = [];
    const latenessMs: number[] = [];
    let shown = 0;
    let dropped = 0;
    let longTasksMs = 0;
    let seconds = 0;
    const busyBeforeMs = await bench.busyMs();
    let watchedSeconds = 0;
    for (const untilSeconds of context.arguments.memorySeconds) {
      const report = await bench.call('watch', 1000 * (untilSeconds - watchedSeconds));
      watchedSeconds = untilSeconds;
      latenessMs.push(...report.latenessMs);
      shown += report.shown;
      dropped += report.dropped;
      longTasksMs += report.longTasksMs;
      seconds += report.seconds;
      memory.push({ seconds: untilSeconds, ...(await readProcessMemory(browser)) });
    }
    const busyMs = (await bench.busyMs()) - busyBeforeMs;
    return {
      row,
      size,
      framesPerSecond: shown / seconds,
      droppedPerSecond: dropped / seconds,
      pageBusyMsPerFrame: busyMs / shown,
      longTasksMsPerFrame: longTasksMs / shown,
      latenessMs: distribute(latenessMs),
      memory,
    };
  } finally {
    await browser.close();
  }
}
