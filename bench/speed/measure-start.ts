import { startSite } from './site.ts';
import type { Size } from './arguments.ts';
import type { StartRequest } from '../pages/main.ts';
import { pickModel } from './models.ts';
import { listParts, nameRow, type Row } from './rows.ts';
import { launch, optionsFor, type BenchContext } from './session.ts';
import { distribute, type Distribution } from './statistics.ts';

/** From the navigation to the first frame drawn with its mask. */
export interface StartResult {
  readonly row: Row;
  readonly size: Size;
  /** In a browser that has seen nothing. */
  readonly coldMs: Distribution;
  /** On a reload. */
  readonly warmMs: Distribution;
  /** Transferred until then on a cold start, without the clip. */
  readonly gzipBytes: number;
  readonly rawBytes: number;
}

/** Starts each subject several times at the largest size, each time in a new browser. */
export async function measureStart(context: BenchContext): Promise<StartResult[]> {
  const { backends, sizes, model, variants } = context.arguments;
  const size = sizes.at(-1) as Size;
  const results: StartResult[] = [];
  for (const backend of backends) {
    for (const part of listParts(backend, pickModel(size, model), variants)) {
      const row: Row = { ...part, effect: 'cutout', hasMask: false };
      results.push(await measureRow(context, row, size));
    }
  }
  return results;
}

async function measureRow(context: BenchContext, row: Row, size: Size): Promise<StartResult> {
  const { isIsolated, starts } = context.arguments;
  let gzipBytes = 0;
  let rawBytes = 0;
  let isCold = false;
  const site = await startSite({
    clips: [...context.clips.values()],
    isIsolated,
    gzip: true,
    onSent: (path, sizeBytes, bytes) => {
      // The benchmark's own page is not what anyone ships.
      if (!isCold || path.startsWith('/bench.')) return;
      gzipBytes += sizeBytes;
      rawBytes += bytes;
    },
  });
  const request: StartRequest = {
    options: optionsFor(context, row, size),
    view: { effect: row.effect, hasMask: row.hasMask },
  };
  const url = `${site.url}/bench.html?start=${encodeURIComponent(JSON.stringify(request))}`;
  const coldMs: number[] = [];
  const warmMs: number[] = [];
  try {
    // The first one fills the caches of server and system, and is not counted.
    for (let i = 0; i <= starts; i++) {
      context.report(`start ${i} of ${starts}: ${nameRow(row)}`);
      const browser = await launch(context);
      try {
        const page = await browser.newPage();
        isCold = i === 1;
        await page.goto(url);
        const cold = (await page.evaluate('started')) as number;
        isCold = false;
        await page.reload();
        const warm = (await page.evaluate('started')) as number;
        if (i === 0) continue;
        coldMs.push(cold);
        warmMs.push(warm);
      } finally {
        await browser.close();
      }
    }
  } finally {
    site.close();
  }
  return { row, size, coldMs: distribute(coldMs), warmMs: distribute(warmMs), gzipBytes, rawBytes };
}
