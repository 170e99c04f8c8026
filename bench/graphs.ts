/** `npm run bench:graphs`: how fast ONNX files that should compute the same are on WebAssembly, and whether they do. */
import { basename } from 'node:path';
import { readArguments, type GraphArguments } from './graphs/arguments.ts';
import type { GraphResult, GraphTask } from './graphs/page.ts';
import { formatGraphs } from './graphs/report.ts';
import { findPictures, startGraphSite } from './graphs/site.ts';
import { describeMachine, type Machine } from './machine.ts';
import { launchChrome } from '../tools/launch-chrome.ts';

interface Measured {
  readonly machine: Machine;
  readonly results: readonly GraphResult[];
}

async function measure(given: GraphArguments): Promise<Measured> {
  const { files, optionSets, threads, runs } = given;
  const variants = files.flatMap((file, index) =>
    optionSets.map((options) => ({
      name: [basename(file), ...(optionSets.length > 1 ? [JSON.stringify(options)] : [])].join(' '),
      url: `/models/${index}.onnx`,
      options,
    })),
  );
  const site = await startGraphSite(files, threads > 1);
  const browser = await launchChrome('none');
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(`page: ${String(error)}`));
    await page.goto(`${site.url}/graphs.html`);
    const task: GraphTask = { variants, pictures: findPictures(), threads, runs };
    const script = `bench.compare(${JSON.stringify(task)})`;
    const results = (await page.evaluate(script)) as GraphResult[];
    return { machine: await describeMachine(browser), results };
  } finally {
    await browser.close();
    site.close();
  }
}

try {
  const argv = process.argv.slice(2);
  const given = readArguments(argv);
  if (given) {
    const { machine, results } = await measure(given);
    console.log(formatGraphs(given, machine, results));
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
