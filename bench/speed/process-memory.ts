import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Browser } from 'puppeteer-core';

/** Memory of a browser's processes, in MB (10^6 bytes): proportional set size on Linux, else resident set size. */
export interface ProcessMemory {
  /** All renderers together: pages with their workers. */
  readonly rendererMb: number;
  readonly gpuMb: number;
}

export async function readProcessMemory(browser: Browser): Promise<ProcessMemory> {
  const session = await browser.target().createCDPSession();
  try {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const sumOf = (kind: string): number =>
      processInfo
        .filter(({ type }) => type === kind)
        .reduce((total, { id }) => total + readMemoryMb(id), 0);
    return { rendererMb: sumOf('renderer'), gpuMb: sumOf('GPU') };
  } finally {
    await session.detach();
  }
}

function readMemoryMb(processId: number): number {
  if (process.platform === 'linux') {
    const [, kib] =
      /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${processId}/smaps_rollup`, 'utf8')) ?? [];
    return (1024 * Number(kib)) / 1e6;
  }
  const kib = execFileSync('ps', ['-o', 'rss=', '-p', String(processId)], { encoding: 'utf8' });
  return (1024 * Number(kib)) / 1e6;
}
