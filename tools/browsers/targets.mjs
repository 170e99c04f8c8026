import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { firefoxLauncher } from './firefox-launcher.mjs';
import {
  blobsInOnePiece,
  brokenGzipTakenForWhole,
  brokenTakenForWhole,
  coarseClock,
  croppedFrames,
  framesAreDrawn,
  otherCanvasLimit,
  otherPremultiplication,
  otherRounding,
  picturesAsVideos,
  privateWindow,
  shiftedShapes,
  straightBitmaps,
  withoutFrameCopies,
  withoutPrefetch,
  withoutWebGl,
  withoutWebGpu,
  withoutWebp,
  withoutWideCanvas,
} from './left-out.mjs';
import { webkitLauncher } from './webkit-launcher.mjs';

/** Pages of this host are cross-origin isolated; see web-test-runner.config.mjs. */
const isolatedHost = '127.0.0.1';

const allFiles = readdirSync('test', { recursive: true })
  .map((name) => `test/${name.replaceAll('\\', '/')}`)
  .filter((name) => name.endsWith('.test.ts'))
  .sort();

const isolatedFiles = ['test/isolated/isolated.test.ts', 'test/element/clip.test.ts'];
const plainFiles = allFiles.filter((name) => !/^test\/(camera|isolated)\//.test(name));

/** The same browser, on pages that are isolated. */
function isolated(launcher) {
  const startSession = launcher.startSession.bind(launcher);
  launcher.startSession = (id, url) => startSession(id, url.replace('localhost', isolatedHost));
  return launcher;
}

const noGpu = { 'dom.webgpu.enabled': false };
const softwareGpu = { 'dom.webgpu.enabled': true, 'gfx.webgpu.ignore-blocklist': true };
const fakeCamera = { 'media.navigator.streams.fake': true };
const allowed = { 'media.navigator.permission.disabled': true };
const refused = { 'permissions.default.camera': 2 };

/**
 * By the name that `npm run test:browsers -- <name>` takes: the programs it needs, and its runs. Each run is a browser with settings of its
 * own, and the files that are opened in it.
 */
export const targets = {
  firefox: {
    programs: ['firefox'],
    describe: ({ firefox }) => execFileSync(firefox, ['--version'], { encoding: 'utf8' }).trim(),
    leftOut: [
      withoutWebGpu,
      withoutWebGl,
      withoutWideCanvas,
      otherCanvasLimit,
      brokenGzipTakenForWhole,
      otherPremultiplication,
    ],
    runs: [
      {
        files: plainFiles,
        launch: ({ firefox }) => firefoxLauncher(firefox, noGpu),
      },
      {
        name: 'isolated',
        files: isolatedFiles,
        launch: ({ firefox }) => isolated(firefoxLauncher(firefox, noGpu)),
      },
      {
        name: 'camera granted',
        files: ['test/camera/granted.test.ts'],
        launch: ({ firefox }) => firefoxLauncher(firefox, { ...noGpu, ...fakeCamera, ...allowed }),
      },
      {
        name: 'camera denied',
        files: ['test/camera/denied.test.ts'],
        launch: ({ firefox }) => firefoxLauncher(firefox, { ...noGpu, ...fakeCamera, ...refused }),
      },
      {
        name: 'camera missing',
        files: ['test/camera/missing.test.ts'],
        launch: ({ firefox }) => firefoxLauncher(firefox, { ...noGpu, ...allowed }),
      },
    ],
  },
  'firefox-webgpu': {
    programs: ['firefox', 'vulkan'],
    describe: ({ firefox }) => execFileSync(firefox, ['--version'], { encoding: 'utf8' }).trim(),
    leftOut: [
      withoutFrameCopies,
      straightBitmaps,
      brokenGzipTakenForWhole,
      otherPremultiplication,
      withoutWebGl,
      withoutWideCanvas,
      otherCanvasLimit,
    ],
    runs: [
      {
        files: plainFiles,
        launch: ({ firefox }) => firefoxLauncher(firefox, softwareGpu),
      },
    ],
  },
  webkit: {
    programs: ['webkitwebdriver', 'minibrowser', 'xvfb'],
    // It has a screen only while it runs tests, and no version without one.
    describe: () => 'WebKitGTK',
    leftOut: [
      withoutWebGpu,
      withoutWebGl,
      withoutWideCanvas,
      otherCanvasLimit,
      privateWindow,
      picturesAsVideos,
      shiftedShapes,
      coarseClock,
      blobsInOnePiece,
      brokenTakenForWhole,
      framesAreDrawn,
      otherRounding,
      otherPremultiplication,
      croppedFrames,
      withoutWebp,
      withoutPrefetch,
    ],
    runs: [{ files: [...plainFiles, 'test/camera/granted.test.ts'], launch: webkitLauncher }],
  },
};
