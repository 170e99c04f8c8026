import { SegmenterError } from '../errors.ts';
import { recall, remember } from '../util/device-memory.ts';
import { inferenceThreads } from './backends.ts';
import type { PoolSize } from './inference-pool.ts';

/** How many inference workers a page may ask for. */
export type WorkersOption = 'auto' | number;

/** Most workers that a page may ask for. */
export const mostWorkers = 8;

/** More than this has paid nowhere: the frames come from one render worker. */
const mostByItself = 4;

/** One more for each GB, where the browser tells. */
const gbPerWorker = 1;

/** By what was asked for, by cores and memory, and by what was found out on this device before. */
export async function choosePoolSize(workers: WorkersOption, modelUrl: string): Promise<PoolSize> {
  if (workers !== 'auto') return { min: workers, max: workers };
  const { deviceMemory = mostByItself } = navigator as { deviceMemory?: number };
  const byCores = Math.floor(navigator.hardwareConcurrency / inferenceThreads());
  const byMemory = Math.floor(deviceMemory / gbPerWorker);
  const limit = Number(await recall('workers', circumstancesOf(modelUrl))) || mostByItself;
  return { min: 1, max: Math.max(1, Math.min(byCores, byMemory, limit, mostByItself)) };
}

/** Keeps that more workers than this do not pay. */
export function rememberPoolLimit(modelUrl: string, workers: number): void {
  remember('workers', circumstancesOf(modelUrl), String(workers));
}

/** Throws `option-invalid`. */
export function checkWorkers(workers: unknown): void {
  const isCount =
    Number.isInteger(workers) && Number(workers) >= 1 && Number(workers) <= mostWorkers;
  if (workers === 'auto' || isCount) return;
  throw new SegmenterError(
    'option-invalid',
    `workers="${String(workers)}" is not known. It takes "auto" or a number from 1 to ${mostWorkers}.`,
  );
}

function circumstancesOf(model: string): Record<string, string> {
  const cores = String(navigator.hardwareConcurrency);
  return { model, cores, threads: String(inferenceThreads()) };
}
