import { hasThreads } from '../util/browser.ts';

/**
 * How many threads ONNX Runtime has in each inference worker.
 *
 * @param wanted - undefined: half of the cores, four at most.
 */
export function countThreads(wanted: number | undefined): number {
  if (!hasThreads()) return 1;
  return wanted ?? Math.max(1, Math.min(4, Math.floor(navigator.hardwareConcurrency / 2)));
}
