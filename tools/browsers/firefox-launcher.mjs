import { chromeLauncher } from '@web/test-runner-chrome';

/**
 * Runs Firefox for the test runner, without a window. The launcher is Puppeteer's, which knows Firefox too.
 *
 * @param executablePath - Of Firefox.
 * @param preferences - Of `about:config`.
 */
export function firefoxLauncher(executablePath, preferences) {
  return chromeLauncher({
    launchOptions: {
      browser: 'firefox',
      executablePath,
      protocolTimeout: 600_000,
      // Videos play that nobody clicked on.
      extraPrefsFirefox: { 'media.autoplay.default': 0, ...preferences },
    },
  });
}
