import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const startLimitMs = 30_000;

/** A machine without a GPU, and root, which WebKit's sandbox does not know. */
const environment = {
  WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
  LIBGL_ALWAYS_SOFTWARE: '1',
};

/** A camera that is none, and whoever is asked for it says yes. */
const browserArguments = [
  '--automation',
  '--features=+MockCaptureDevices,!MockCaptureDevicesPrompt',
  '--enable-mock-capture-devices=true',
];

/**
 * Runs WebKitGTK's MiniBrowser for the test runner, by WebDriver, on a screen that nobody sees. Each file of tests gets a browser of its own.
 *
 * The runner's own launcher for WebDriver would do the same with four hundred packages.
 *
 * @param paths - Of the programs: `webkitwebdriver`, `minibrowser`, `xvfb`.
 */
export function webkitLauncher(paths) {
  /** By the runner's session: the driver's session. */
  const browsers = new Map();
  let started;
  let isTold = false;

  async function start() {
    const screen = await startScreen(paths.xvfb);
    const port = await findFreePort();
    const driver = spawn(paths.webkitwebdriver, [`--port=${port}`], {
      stdio: 'ignore',
      env: { ...process.env, ...environment, DISPLAY: screen.display },
    });
    const base = `http://127.0.0.1:${port}`;
    await untilReady(base);
    return { screen, driver, base };
  }

  async function open() {
    started ??= start();
    const { base } = await started;
    const capabilities = {
      alwaysMatch: {
        browserName: 'MiniBrowser',
        'webkitgtk:browserOptions': { binary: paths.minibrowser, args: browserArguments },
      },
    };
    const session = await call('POST', `${base}/session`, { capabilities });
    if (!isTold) console.log(`MiniBrowser ${session.capabilities.browserVersion}`);
    isTold = true;
    return `${base}/session/${session.sessionId}`;
  }

  return {
    name: 'WebKit',
    type: 'webkit',
    async startSession(id, url) {
      const browser = await open();
      browsers.set(id, browser);
      await call('POST', `${browser}/url`, { url });
    },
    isActive: (id) => browsers.has(id),
    getBrowserUrl: (id) => call('GET', `${browsers.get(id)}/url`),
    async stopSession(id) {
      const browser = browsers.get(id);
      browsers.delete(id);
      await call('DELETE', browser);
      return {};
    },
    startDebugSession() {
      throw new Error('WebKit runs without a window here: it cannot be debugged in.');
    },
    async stop() {
      if (!started) return;
      const { driver, screen } = await started;
      await Promise.all([...browsers.values()].map((browser) => call('DELETE', browser)));
      driver.kill();
      screen.process.kill();
    },
  };
}

/** A virtual screen, under a number that it finds by itself. */
async function startScreen(path) {
  const arguments_ = ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'];
  const child = spawn(path, arguments_, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
  const [number] = await once(child.stdio[3], 'data', {
    signal: AbortSignal.timeout(startLimitMs),
  });
  return { process: child, display: `:${String(number).trim()}` };
}

async function findFreePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function untilReady(base) {
  const limit = AbortSignal.timeout(startLimitMs);
  for (;;) {
    limit.throwIfAborted();
    const status = await call('GET', `${base}/status`).catch(() => null);
    if (status?.ready) return;
    await sleep(100);
  }
}

/** One command of https://www.w3.org/TR/webdriver2/. */
async function call(method, url, body) {
  const response = await fetch(url, { method, body: body && JSON.stringify(body) });
  const { value } = await response.json();
  if (response.ok) return value;
  throw new Error(`WebDriver: ${value.error} (${value.message})`);
}
