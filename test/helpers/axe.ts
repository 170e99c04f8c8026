import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Frame, Page } from 'puppeteer-core';

const script = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** What axe finds wrong with a page, a line each. Frames in it are left out. */
export async function findViolations(
  page: Page | Frame,
  options: RunOptions = {},
): Promise<string[]> {
  await page.evaluate(script);
  const { violations } = (await page.evaluate(
    `axe.run(document, ${JSON.stringify({ iframes: false, ...options })})`,
  )) as AxeResults;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html}: ${failureSummary}`),
  );
}
