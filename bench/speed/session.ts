import type { Browser, CDPSession, Page } from 'puppeteer-core';
import { launchChrome } from '../../tools/launch-chrome.ts';
import type { Origin } from '../../tools/origin.ts';
import type { Bench } from '../pages/main.ts';
import type { SubjectOptions } from '../pages/subject.ts';
import type { BenchArguments, Size } from './arguments.ts';
import { pickModel } from './models.ts';
import type { Row } from './rows.ts';
import { clipUrlOf, distUrls } from './site.ts';

/** What the phases share. */
export interface BenchContext {
  readonly arguments: BenchArguments;
  readonly site: Origin;
  /** A clip for each size. */
  readonly clips: ReadonlyMap<Size, string>;
  /** Says what is going on. */
  report(text: string): void;
}

export function launch({ arguments: { gpu } }: BenchContext): Promise<Browser> {
  return launchChrome(gpu);
}

/** What a row's page is to load. */
export function optionsFor(
  context: BenchContext,
  { subject, backend, variant }: Pick<Row, 'subject' | 'backend' | 'variant'>,
  size: Size,
  distUrl = distUrls.plain,
): SubjectOptions {
  const model = pickModel(size, context.arguments.model);
  const clipUrl = clipUrlOf(context.clips.get(size) ?? '');
  return { subject, backend, variant, model, clipUrl, ...size, distUrl };
}

/** A page of the benchmark. */
export class BenchPage {
  readonly page: Page;
  readonly #session: CDPSession;

  static async open(browser: Browser, url: string): Promise<BenchPage> {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`page: ${String(error)}`));
    await page.goto(url);
    const session = await page.createCDPSession();
    await session.send('Performance.enable');
    return new BenchPage(page, session);
  }

  private constructor(page: Page, session: CDPSession) {
    this.page = page;
    this.#session = session;
  }

  /** Calls a method of the page's half. */
  call<Name extends keyof Bench>(
    name: Name,
    ...values: Parameters<Bench[Name]>
  ): Promise<Awaited<ReturnType<Bench[Name]>>> {
    const text = values.map((value) => JSON.stringify(value)).join(', ');
    return this.page.evaluate(`bench.${name}(${text})`) as Promise<
      Awaited<ReturnType<Bench[Name]>>
    >;
  }

  /** What the page thread has been busy with since its start, in milliseconds. */
  async busyMs(): Promise<number> {
    const { metrics } = await this.#session.send('Performance.getMetrics');
    return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN);
  }
}
