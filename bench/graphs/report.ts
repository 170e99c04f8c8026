import type { Machine } from '../machine.ts';
import { formatTable } from '../table.ts';
import type { GraphArguments } from './arguments.ts';
import type { GraphResult } from './page.ts';

/** A line that says on what, and the table. */
export function formatGraphs(
  { threads, runs }: GraphArguments,
  { processor, cores, versions }: Machine,
  results: readonly GraphResult[],
): string {
  const [shipped] = results;
  const lines = results.map((result) => [
    result.name,
    result.maxDifference.toExponential(1),
    result.meanDifference.toExponential(1),
    ...[0, 0.25, 0.5].map((share) => quantile(result.runMs, share)),
    ratio(result, shipped, 0),
    ratio(result, shipped, 0.25),
    ratio(result, shipped, 0.5),
    result.createMs,
    result.firstRunMs,
    result.sizeBytes / 1000,
  ]);
  return [
    `${processor}, ${cores} cores; Chrome ${versions['Chrome']}, onnxruntime-web ${versions['onnxruntime-web']}; ` +
      `${threads} thread${threads > 1 ? 's' : ''}, ${runs} runs of each`,
    formatTable(
      [
        ...['file', 'max diff', 'mean diff', 'ms, min', 'p25', 'median'],
        ...['ratio of min', 'of p25', 'of median', 'create, ms', 'first run, ms', 'KB'],
      ],
      lines,
    ),
  ].join('\n\n');
}

/** Nearest rank; the smallest for 0. */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}

function ratio(result: GraphResult, to: GraphResult | undefined, share: number): number {
  return quantile(result.runMs, share) / quantile(to?.runMs ?? [], share);
}
