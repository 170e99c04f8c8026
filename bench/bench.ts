/** `npm run bench`: how fast, how smooth and how large the built package is beside others. See bench/README.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { readArguments, type BenchArguments } from './speed/arguments.ts';
import { scaleClip } from './speed/clip.ts';
import { formatComparison } from './speed/compare.ts';
import { describeMachine } from './machine.ts';
import { measureCopies } from './speed/measure-copies.ts';
import { measureFrames } from './speed/measure-frames.ts';
import { measurePlay } from './speed/measure-play.ts';
import { measureStart } from './speed/measure-start.ts';
import { measureTransfers } from './speed/measure-transfers.ts';
import { formatResults, type BenchResults } from './speed/report.ts';
import { launch, type BenchContext } from './speed/session.ts';
import { startSite } from './speed/site.ts';

/** Runs the phases that were asked for. */
async function measure(given: BenchArguments, argv: readonly string[]): Promise<BenchResults> {
  const clips = new Map(given.sizes.map((size) => [size, scaleClip(given.clip, size)]));
  const site = await startSite({ clips: [...clips.values()], isIsolated: given.isIsolated });
  const context: BenchContext = {
    arguments: given,
    site,
    clips,
    report: (text) => process.stderr.write(`${text}\n`),
  };
  const has = (phase: BenchArguments['phases'][number]): boolean => given.phases.includes(phase);
  try {
    const browser = await launch(context);
    const machine = await describeMachine(browser);
    await browser.close();
    return {
      command: ['npm run bench --', ...argv].join(' ').replace(/ --$/, ''),
      date: new Date().toISOString().slice(0, 10),
      machine,
      frames: has('frames') ? await measureFrames(context) : [],
      play: has('play') ? await measurePlay(context) : [],
      start: has('start') ? await measureStart(context) : [],
      copies: has('copies') ? await measureCopies(context) : [],
      transfers: has('transfers') ? await measureTransfers(context) : [],
    };
  } finally {
    site.close();
  }
}

function readResults(path: string): BenchResults {
  return JSON.parse(readFileSync(path, 'utf8')) as BenchResults;
}

try {
  const argv = process.argv.slice(2);
  const given = readArguments(argv);
  if (given) {
    // Before the work, so that a wrong path does not waste it.
    const before = given.compare === undefined ? undefined : readResults(given.compare);
    const results = await measure(given, argv);
    console.log(formatResults(results));
    if (before) console.log(`\n${formatComparison(results, before)}`);
    if (given.json !== undefined)
      writeFileSync(given.json, `${JSON.stringify(results, null, 2)}\n`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
