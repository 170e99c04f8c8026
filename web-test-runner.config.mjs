import { chromeLauncher } from '@web/test-runner-chrome';
import { quietFlags, softwareGpuFlags } from './tools/chrome-flags.mjs';
import { findChrome } from './tools/find-chrome.mjs';
import { sourcePlugins } from './tools/source-plugins.mjs';

function chrome(...extra) {
  return chromeLauncher({
    launchOptions: {
      executablePath: findChrome(),
      args: [...softwareGpuFlags, ...quietFlags, ...extra],
    },
    concurrency: 1,
  });
}

export default {
  rootDir: '.',
  nodeResolve: { exportConditions: ['browser', 'development'] },
  plugins: sourcePlugins(),
  browsers: [chrome('--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream')],
  files: ['test/**/*.test.ts'],
  testsFinishTimeout: 300_000,
  testFramework: { config: { timeout: 60_000 } },
};
