import { defaultReporter } from '@web/test-runner';
import { chromeLauncher } from '@web/test-runner-chrome';
import { bundleWorkers } from './tools/bundle-workers.mjs';
import { quietFlags, softwareGpuFlags } from './tools/chrome-flags.mjs';
import { faulty } from './tools/faulty-server.mjs';
import { fileReporter } from './tools/file-reporter.mjs';
import { findChrome } from './tools/find-chrome.mjs';
import { isolate, serveRanges } from './tools/server-middleware.mjs';
import { sourcePlugins } from './tools/source-plugins.mjs';

/** Pages of this host are cross-origin isolated, those of `localhost` are not. */
const isolatedHost = '127.0.0.1';

/** A Chrome without a GPU; `name` tells its results from those of the others. */
function chrome(name, ...extraFlags) {
  const launcher = chromeLauncher({
    launchOptions: {
      executablePath: findChrome(),
      args: [...softwareGpuFlags, ...quietFlags, ...extraFlags],
      protocolTimeout: 300_000,
    },
  });
  return Object.assign(launcher, { name });
}

/** A Chrome that visits the isolated host. */
function isolatedChrome() {
  const launcher = chrome('Chrome, isolated');
  const startSession = launcher.startSession.bind(launcher);
  launcher.startSession = (id, url) => startSession(id, url.replace('localhost', isolatedHost));
  return launcher;
}

/** `npx wtr --group default --files test/mask.test.ts` runs one file, `npx wtr --group isolated` one group. */
export default {
  rootDir: '.',
  nodeResolve: { exportConditions: ['browser', 'development'] },
  plugins: [bundleWorkers(), ...sourcePlugins()],
  middleware: [
    faulty,
    serveRanges,
    (context, next) => (context.hostname === isolatedHost ? isolate(context, next) : next()),
  ],
  // Software rendering takes all cores there are.
  concurrentBrowsers: 1,
  concurrency: 1,
  staticLogging: !process.stdout.isTTY,
  browserStartTimeout: 120_000,
  testsStartTimeout: 120_000,
  testsFinishTimeout: 300_000,
  reporters: [
    defaultReporter({ reportTestProgress: Boolean(process.stdout.isTTY) }),
    fileReporter(),
  ],
  filterBrowserLogs: ({ args }) => !String(args[0]).startsWith('Lit is in dev mode'),
  testFramework: { config: { timeout: 60_000 } },
  files: ['test/**/*.test.ts', '!test/isolated/**', '!test/camera/**'],
  browsers: [chrome('Chrome')],
  groups: [
    {
      name: 'isolated',
      files: ['test/isolated/**/*.test.ts', 'test/element/clip.test.ts'],
      browsers: [isolatedChrome()],
    },
    {
      name: 'camera-granted',
      files: 'test/camera/granted.test.ts',
      browsers: [
        chrome(
          'Chrome, camera granted',
          '--use-fake-ui-for-media-stream',
          '--use-fake-device-for-media-stream',
        ),
      ],
    },
    {
      name: 'camera-denied',
      files: 'test/camera/denied.test.ts',
      browsers: [
        chrome(
          'Chrome, camera denied',
          '--deny-permission-prompts',
          '--use-fake-device-for-media-stream',
        ),
      ],
    },
    {
      name: 'camera-missing',
      files: 'test/camera/missing.test.ts',
      browsers: [
        chrome(
          'Chrome, camera missing',
          '--use-fake-ui-for-media-stream',
          '--use-fake-device-for-media-stream=device-count=0',
        ),
      ],
    },
  ],
};
