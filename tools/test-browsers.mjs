/**
 * `npm run test:browsers`: the suite in the browsers that `npm test` does not open. `-- firefox webkit` takes these alone,
 * `-- firefox test/mask.test.ts` these files alone. A browser that is not to be had is a failure.
 */
import { existsSync } from 'node:fs';
import { ensurePrograms } from './browsers/programs.mjs';
import { runTests } from './browsers/run-tests.mjs';
import { targets } from './browsers/targets.mjs';

const wanted = process.argv.slice(2);
const files = wanted.filter((word) => word.includes('/'));
const names = wanted.filter((word) => !word.includes('/'));
const unknown = names.filter((name) => !Object.hasOwn(targets, name));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(', ')}. There are ${Object.keys(targets).join(', ')}.`);
  process.exit(1);
}

const rows = [];
for (const name of names.length > 0 ? names : Object.keys(targets)) {
  try {
    rows.push({ name, ...(await runTarget(name, targets[name])) });
  } catch (error) {
    console.error(error.message);
    rows.push({ name, problem: error.message });
  }
}
console.log(
  `\n${'browser'.padEnd(20)}${'passed'.padStart(10)}${'failed'.padStart(10)}${'left out'.padStart(10)}`,
);
for (const { name, problem, passed, failed, leftOut } of rows) {
  const cells = problem ? ['not run', '', ''] : [passed, failed, leftOut];
  console.log(name.padEnd(20) + cells.map((cell) => String(cell).padStart(10)).join(''));
}
const isGood = rows.every(({ problem, passed, failed }) => !problem && failed === 0 && passed > 0);
process.exit(isGood ? 0 : 1);

async function runTarget(name, { programs, describe, leftOut, runs }) {
  const paths = ensurePrograms(programs);
  console.log(`\n=== ${name}: ${describe(paths)}`);
  for (const rule of leftOut) tellRule(rule);
  const sum = { passed: 0, failed: 0, leftOut: [] };
  for (const { name: setting, files: all, launch } of runs) {
    const omitted = new Set(leftOut.flatMap((rule) => rule.files));
    const chosen = all.filter((file) => files.length === 0 || files.includes(file));
    const kept = chosen.filter((file) => !omitted.has(file));
    if (kept.length === 0) continue;
    const launcher = Object.assign(launch(paths), {
      name: [name, setting].filter(Boolean).join(', '),
    });
    const result = await runTests(
      launcher,
      kept,
      leftOut.flatMap((rule) => rule.tests),
    );
    sum.passed += result.passed;
    sum.failed += result.failed;
    sum.leftOut.push(...result.leftOut);
  }
  if (files.length === 0) checkRules(leftOut, sum.leftOut);
  return { ...sum, leftOut: sum.leftOut.length };
}

/** A rule that leaves nothing out is out of date. */
function checkRules(rules, titles) {
  for (const { files: omitted, tests } of rules) {
    const idle = [
      ...omitted.filter((file) => !existsSync(file)),
      ...tests.filter((pattern) => !titles.some((title) => pattern.test(title))),
    ];
    if (idle.length > 0) throw new Error(`Nothing is left out by ${idle.join(', ')}.`);
  }
}

function tellRule({ reason, files: omitted, tests }) {
  console.log(`Left out, ${reason}:`);
  for (const file of omitted) console.log(`  ${file}`);
  for (const pattern of tests) console.log(`  tests whose titles have ${String(pattern)}`);
}
