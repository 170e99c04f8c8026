import { recall, remember } from '../util/device-memory.ts';
import { countThreads } from './thread-count.ts';

/** More than this has paid nowhere: the frames come from one render worker. */
const mostByItself = 4;

/** Most inference workers that may pay on this device, as far as is known. They share its cores; each takes up to a GB. */
export async function recallPoolLimit(
  modelUrl: string,
  threads: number | undefined,
): Promise<number> {
  const { hardwareConcurrency, deviceMemory = mostByItself } = navigator as Navigator & {
    deviceMemory?: number;
  };
  const found = Number(await recall('workers', circumstancesOf(modelUrl, threads)));
  const limits = [
    Math.floor(hardwareConcurrency / countThreads(threads)),
    Math.floor(deviceMemory),
  ];
  return Math.max(1, Math.min(...limits, found || mostByItself, mostByItself));
}

/** Keeps that more workers than this do not pay. */
export function rememberPoolLimit(
  modelUrl: string,
  threads: number | undefined,
  workers: number,
): void {
  remember('workers', circumstancesOf(modelUrl, threads), String(workers));
}

function circumstancesOf(model: string, threads: number | undefined): Record<string, string> {
  return {
    model,
    cores: String(navigator.hardwareConcurrency),
    threads: String(countThreads(threads)),
  };
}
