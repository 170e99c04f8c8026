/**
 * `npm run test:consumers`: installs the packed package into each app of `examples/`, and opens the app in Chrome, as its development
 * server and as its build serves it; then on pages that are strict in ways that no app is. Names as arguments run those alone, `types`
 * the type checkers of the frameworks.
 */
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'puppeteer-core';
import { launchChrome } from '../../tools/launch-chrome.ts';
import type { Origin } from '../../tools/origin.ts';
import { bundlers } from './bundlers.ts';
import type { Consumer } from './consumer.ts';
import { testContentSecurityPolicy } from './content-security-policy.ts';
import { frameworks } from './frameworks.ts';
import { testFrames } from './frames.ts';
import { InstalledApp } from './installed-app.ts';
import { testIsolation } from './isolation.ts';
import { testScriptTag } from './script-tag.ts';
import { testServerRendering } from './ssr.ts';
import { testTypes } from './types.ts';
import { visitApp } from './visit-app.ts';

const wanted = process.argv.slice(2);
const isWanted = (name: string): boolean => !wanted.length || wanted.includes(name);

/** Pages without a bundler, and the type checkers of the frameworks, by the name that runs them alone. */
const others: Readonly<Record<string, () => void>> = {
  'script-tag': testScriptTag,
  isolation: testIsolation,
  frames: testFrames,
  csp: testContentSecurityPolicy,
  ssr: testServerRendering,
  types: testTypes,
};

function testConsumer(consumer: Consumer): void {
  const { name, types, dev, start, output } = consumer;
  describe(name, () => {
    let app: InstalledApp;
    let browser: Browser;

    before(async () => {
      app = await InstalledApp.install(name);
      browser = await launchChrome();
    });

    after(() => browser.close());

    const visit = async (starting: Promise<Origin>): Promise<void> => {
      const origin = await starting;
      try {
        await visitApp(browser, origin.url, consumer);
      } finally {
        origin.close();
      }
    };

    if (types) it('checks types', () => app.run(types));
    if (dev) it('shows a person from its development server', () => visit(app.serve(dev)));
    it('shows a person from its build', async () => {
      if (app.scripts['build']) await app.run('build');
      if (start) await visit(app.serve(start));
      else await visit(app.serveFiles(output ?? 'dist'));
    });
  });
}

for (const consumer of [...frameworks, ...bundlers]) {
  if (isWanted(consumer.name)) testConsumer(consumer);
}
for (const [name, test] of Object.entries(others)) {
  if (isWanted(name)) test();
}
