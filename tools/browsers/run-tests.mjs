import { startTestRunner } from '@web/test-runner';
import common from '../../web-test-runner.config.mjs';
import { fileReporter, listTests } from '../file-reporter.mjs';

/**
 * Runs files of tests in one browser.
 *
 * @param launcher - Of the test runner.
 * @param titles - Regular expressions: tests whose full title fits one are left out.
 * @returns How many tests `passed` and `failed`, and the titles of those that were `leftOut`.
 */
export async function runTests(launcher, files, titles) {
  const runner = await startTestRunner({
    readCliArgs: false,
    readFileConfig: false,
    autoExitProcess: false,
    config: {
      ...common,
      groups: [],
      files,
      browsers: [launcher],
      reporters: [common.reporters[0], fileReporter()],
      // Neither is as quick as Chromium without a GPU.
      testsFinishTimeout: 1_200_000,
      testFramework: { config: { timeout: 120_000 } },
      testRunnerHtml: (framework) => createPage(framework, titles),
    },
  });
  if (!runner) throw new Error('The test runner did not start.');
  await new Promise((resolve) => runner.on('stopped', resolve));
  return sumUp([...runner.sessions.all()]);
}

/** Left-out tests are pending, which no one counts as passed; what was to be done before them is not done either. */
function createPage(framework, titles) {
  const pattern = titles.map(({ source, flags }) => ({ source, flags }));
  return `<!doctype html>
    <script type="module" src="${framework}"></script>
    <script type="module">
      const leftOut = ${JSON.stringify(pattern)}.map(({ source, flags }) => new RegExp(source, flags));
      const isLeftOut = (title) => leftOut.some((pattern) => pattern.test(title));
      const run = mocha.run.bind(mocha);
      mocha.run = (done) => {
        mocha.suite.eachTest((test) => (test.pending ||= isLeftOut(test.fullTitle())));
        mocha.grep({ test: (title) => !isLeftOut(title) });
        return run(done);
      };
    </script>`;
}

function sumUp(sessions) {
  const result = { passed: 0, failed: 0, leftOut: [] };
  for (const { testResults, passed } of sessions) {
    const tests = listTests(testResults);
    const failed = tests.filter((test) => !test.passed && !test.skipped).length;
    result.passed += tests.filter((test) => test.passed && !test.skipped).length;
    // A file that does not load has no tests.
    result.failed += failed || (passed ? 0 : 1);
    result.leftOut.push(...listLeftOut(testResults, ''));
  }
  return result;
}

/** Full titles, as mocha makes them. */
function listLeftOut(suite, prefix) {
  if (!suite) return [];
  const title = `${prefix} ${suite.name}`.trim();
  const skipped = suite.tests.filter((test) => test.skipped);
  return [
    ...skipped.map(({ name }) => `${title} ${name}`.trim()),
    ...suite.suites.flatMap((inner) => listLeftOut(inner, title)),
  ];
}
