import type { TransferReport } from '../pages/transfers.ts';
import { BenchPage, launch, type BenchContext } from './session.ts';
import { distribute, type Distribution } from './statistics.ts';

/** One way to hand pixels to another thread and a mask back. */
export interface TransfersResult {
  readonly way: TransferReport['way'];
  readonly roundTripMs: Distribution;
}

/** A round trip between two threads, without the model between. */
export async function measureTransfers(context: BenchContext): Promise<TransfersResult[]> {
  context.report('transfers');
  const browser = await launch(context);
  try {
    const bench = await BenchPage.open(browser, `${context.site.url}/bench.html`);
    const reports = await bench.call('measureTransfers');
    return reports.map(({ way, roundTripMs }) => ({
      way,
      roundTripMs: distribute(roundTripMs),
    }));
  } finally {
    await browser.close();
  }
}
