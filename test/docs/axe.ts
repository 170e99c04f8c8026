import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Frame, Page } from 'puppeteer-core';

const script = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/**
 * What axe finds wrong with a page, a line each.
 *
 * @param tags - Which of its rules; none: all.
 */
export async function findViolations(
  page: Page | Frame,
  tags: readonly string[] = [],
): Promise<string[]> {
  await page.evaluate(script);
  const options = tags.length ? { runOnly: tags, iframes: false } : { iframes: false };
  const { violations } = (await page.evaluate(
    `axe.run(document, ${JSON.stringify(options)})`,
  )) as AxeResults;
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}
