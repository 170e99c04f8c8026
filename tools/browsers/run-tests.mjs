import { startTestRunner } from '@web/test-runner';
import common from '../../web-test-runner.config.mjs';
import { fileReporter, listTests } from '../file-reporter.mjs';

/**
 * Runs files of tests in one browser.
 *
 * @param launcher - Of the test runner.
 * @param titles - Regular expressions: tests whose full title fits one are left out.
 * @returns How many tests `passed`, `failed` and were `leftOut`, and which `files` failed.
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
  const result = { passed: 0, failed: 0, leftOut: 0, files: [] };
  for (const { testFile, testResults, passed } of sessions) {
    const tests = listTests(testResults);
    const failed = tests.filter((test) => !test.passed && !test.skipped).length;
    result.leftOut += tests.filter((test) => test.skipped).length;
    result.passed += tests.filter((test) => test.passed && !test.skipped).length;
    // A file that does not load has no tests.
    result.failed += failed || (passed ? 0 : 1);
    if (!passed) result.files.push(testFile);
  }
  return result;
}
