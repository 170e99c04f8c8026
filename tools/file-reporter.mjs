/** For the test runner: a line for each file of tests, and how many tests passed and failed, as `node --test` tells it. */
export function fileReporter() {
  let passed = 0;
  let failed = 0;

  function count(session) {
    const results = listTests(session.testResults).filter((test) => !test.skipped);
    const failures = results.filter((test) => !test.passed).length;
    passed += results.length - failures;
    // A file that does not load has no tests.
    failed += failures || (session.passed ? 0 : 1);
  }

  return {
    reportTestFileResults({ logger, sessionsForTestFile, testFile }) {
      for (const session of sessionsForTestFile) {
        count(session);
        const path = testFile.slice(process.cwd().length + 1);
        const tests = `${listTests(session.testResults).length} tests`;
        logger.log(`${session.passed ? '✔' : '✖'} ${path} (${session.browser.name}, ${tests})`);
      }
    },
    stop() {
      console.log(`ℹ pass ${passed}\nℹ fail ${failed}`);
    },
  };
}

/** Of all suites, in their order. */
export function listTests(suite) {
  return suite ? [...suite.tests, ...suite.suites.flatMap(listTests)] : [];
}
