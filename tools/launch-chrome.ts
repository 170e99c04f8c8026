import puppeteer, { type Browser } from 'puppeteer-core';
import { cpuFlags, nativeGpuFlags, quietFlags, softwareGpuFlags } from './chrome-flags.mjs';
import { findChrome } from './find-chrome.mjs';

/**
 * What Chrome draws and computes with.
 *
 * - `software`: everything of a GPU, WebGPU included, in software: right, and slow.
 * - `native`: the machine's own GPU, in a window; on Linux through Vulkan.
 * - `none`: a machine without a GPU, where Chrome rasterises by CPU. WebGL is there, in software; WebGPU is not.
 */
export type GpuKind = 'software' | 'native' | 'none';

const flags: Readonly<Record<GpuKind, readonly string[]>> = {
  software: softwareGpuFlags,
  native: nativeGpuFlags,
  none: cpuFlags,
};

/**
 * Starts Chrome with a profile that has seen nothing yet. The caller closes it.
 *
 * @param extraFlags - Further switches of the command line.
 */
export async function launchChrome(
  gpu: GpuKind = 'software',
  extraFlags: readonly string[] = [],
): Promise<Browser> {
  const executablePath = findChrome();
  if (!executablePath) throw new Error('No Chrome or Chromium found; "npm test" says what to do.');
  const browser = await puppeteer.launch({
    executablePath,
    args: [...flags[gpu], ...quietFlags, ...extraFlags],
    headless: gpu !== 'native',
    // Puppeteer's own switch hides hardware that `native` is about.
    ignoreDefaultArgs: ['--enable-unsafe-swiftshader', '--disable-gpu'],
    defaultViewport: { width: 1280, height: 800 },
    protocolTimeout: 600_000,
  });
  // A page that asks for an adapter before the GPU process has told of itself gets none.
  const session = await browser.target().createCDPSession();
  await session.send('SystemInfo.getInfo');
  await session.detach();
  return browser;
}
