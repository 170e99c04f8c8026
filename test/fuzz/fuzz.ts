/**
 * `npm run test:fuzz`: broken models by the thousand, of which each must end in a mask or an error of ours.
 *
 *   npm run test:fuzz -- --seed 7 --count 100000       other cases, and how many for each part
 *   npm run test:fuzz -- --only parsers                or engine
 *   npm run test:fuzz -- --only parsers --seed 7 --case 123    one of them again
 */
import { parseArgs } from 'node:util';
import { fuzzEngine } from './fuzz-engine.ts';
import { fuzzParsers } from './fuzz-parsers.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    count: { type: 'string' },
    case: { type: 'string' },
  },
});
const parts = {
  parsers: { run: fuzzParsers, usual: 100_000 },
  engine: { run: fuzzEngine, usual: 3000 },
};

for (const [name, { run, usual }] of Object.entries(parts)) {
  if (values.only !== undefined && values.only !== name) continue;
  const seed = readNumber(values.seed);
  const from = values.case === undefined ? 0 : readNumber(values.case);
  const count = values.count === undefined ? usual : readNumber(values.count);
  const to = values.case === undefined ? count : from + 1;
  const startMs = performance.now();
  const { tally, failures } = await run(seed, from, to);
  const seconds = ((performance.now() - startMs) / 1000).toFixed(0);
  console.log(
    `\n${name}: ${tally.total + failures.length} cases of seed ${seed} in ${seconds} s\n${tally.format()}`,
  );
  for (const { index, kind, what } of failures) {
    console.log(`\nFAILED ${kind} (--only ${name} --seed ${seed} --case ${index})\n${what}`);
    process.exitCode = 1;
  }
  console.log(`${failures.length} failed`);
}

function readNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`"${text}" should be a whole number.`);
}
