/**
 * `npm test`: everything that must hold, in stages. The lanes of a stage run beside each other, so that two cores have something to
 * do; stops at the first step that fails.
 */
import { spawn } from 'node:child_process';

const stages = [
  [[{ name: 'Chrome', command: 'node tools/ensure-chrome.mjs' }]],
  [
    [
      { name: 'TypeScript', command: 'npm run --silent types' },
      { name: 'ESLint', command: 'npx eslint .' },
      { name: 'Prettier', command: 'npx prettier --check --log-level warn .' },
      { name: 'custom-elements.json', command: 'npm run --silent analyze -- --check' },
      { name: 'models', command: 'npm run --silent models -- --check' },
      { name: 'tests of the tools', command: 'npm run --silent test:tools' },
      { name: 'tests of the demo', command: 'npm run --silent test:demo' },
      { name: 'build', command: 'npm run --silent build' },
      { name: 'tests of the docs site', command: 'npm run --silent test:site' },
    ],
    [{ name: 'tests in the browser', command: 'npm run --silent test:browser' }],
  ],
  [
    [{ name: 'tests of the package', command: 'npm run --silent test:package' }],
    [{ name: 'tests of the benchmark', command: 'npm run --silent test:bench' }],
  ],
];

/** Runs a command, showing what it prints as it comes, or in one piece at its end. */
function run(command, isAlone) {
  return new Promise((resolve, reject) => {
    const stderr = isAlone ? 'inherit' : 'pipe';
    const child = spawn(command, { shell: true, stdio: ['ignore', 'pipe', stderr] });
    let output = '';
    const take = (text) => {
      if (isAlone) process.stdout.write(text);
      output += text;
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr?.setEncoding('utf8').on('data', take);
    child.on('error', reject);
    child.on('close', (code) => resolve({ hasPassed: code === 0, output }));
  });
}

/** Test runners close with lines like `ℹ pass 12`; a step that is no test runner counts for one. */
function countTests({ hasPassed, output }) {
  const find = (word) => Number(output.match(new RegExp(`^ℹ ${word} (\\d+)$`, 'm'))?.[1] ?? 0);
  const passed = find('pass');
  const failed = find('fail');
  if (hasPassed) return { passed: Math.max(passed, 1), failed };
  return { passed, failed: Math.max(failed, 1) };
}

let passed = 0;
let failed = 0;

async function runSteps(steps, isAlone) {
  for (const { name, command } of steps) {
    if (failed) return;
    if (isAlone) console.log(`\n=== ${name}`);
    const startMs = performance.now();
    const result = await run(command, isAlone);
    if (!isAlone) console.log(`\n=== ${name}\n${result.output}`.trimEnd());
    const count = countTests(result);
    passed += count.passed;
    failed += count.failed;
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    console.log(`--- ${name}: ${count.failed ? 'FAILED' : 'passed'}, ${seconds} s`);
  }
}

for (const lanes of stages) {
  await Promise.all(lanes.map((steps) => runSteps(steps, lanes.length === 1)));
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
