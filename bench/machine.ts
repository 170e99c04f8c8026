import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import type { Browser } from 'puppeteer-core';

/** What the figures were taken on and of. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  /** As Chrome names it. */
  readonly gpu: string;
  readonly versions: Readonly<Record<string, string>>;
}

export async function describeMachine(browser: Browser): Promise<Machine> {
  const session = await browser.target().createCDPSession();
  const { gpu } = await session.send('SystemInfo.getInfo');
  await session.detach();
  const { glRenderer: renderer } = (gpu.auxAttributes ?? {}) as { glRenderer?: unknown };
  const all = cpus();
  return {
    processor: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGb: Math.round(totalmem() / 1e9),
    gpu: typeof renderer === 'string' && renderer ? renderer : 'none',
    versions: {
      Chrome: await browser.version(),
      'void-segmenter': versionIn('../package.json'),
      'onnxruntime-web': versionIn('../node_modules/onnxruntime-web/package.json'),
      'tasks-vision': versionIn('../node_modules/@mediapipe/tasks-vision/package.json'),
    },
  };
}

function versionIn(path: string): string {
  const text = readFileSync(new URL(path, import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
