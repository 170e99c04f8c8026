import { startDevServer } from '@web/dev-server';
import { launchChrome } from '../../tools/launch-chrome.ts';
import { sourcePlugins } from '../../tools/source-plugins.mjs';
import type { EngineResult } from './engine-page.ts';
import { Tally, type Failure, type Result } from './tally.ts';

/** Cases from one call to the page to the next. A page that dies takes no more than these along. */
const batchSize = 100;

/** Has broken models loaded in Chrome, from case `from` to the one before `to`. */
export async function fuzzEngine(seed: number, from: number, to: number): Promise<Result> {
  const tally = new Tally();
  const failures: Failure[] = [];
  const server = await startDevServer({
    config: {
      rootDir: process.cwd(),
      nodeResolve: { exportConditions: ['browser', 'development'] },
      plugins: sourcePlugins(),
    },
    readCliArgs: false,
    readFileConfig: false,
    logStartMessage: false,
  });
  const browser = await launchChrome('none');
  try {
    const page = await browser.newPage();
    await page.goto(`http://localhost:${server.config.port}/test/pages/fuzz.html`);
    await page.waitForFunction("typeof fuzz === 'function'");
    for (let next = from; next < to; next += batchSize) {
      const script = `fuzz(${seed}, ${next}, ${Math.min(to, next + batchSize)})`;
      const result = (await page.evaluate(script)) as EngineResult;
      for (const { kind, end } of result.ends) tally.add(kind, end);
      failures.push(...result.failures);
      process.stderr.write(
        `${Math.min(to, next + batchSize) - from} of ${to - from}, ${failures.length} failed\n`,
      );
    }
  } finally {
    await browser.close();
    await server.stop();
  }
  return { tally, failures };
}
