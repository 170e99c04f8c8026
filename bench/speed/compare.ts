import { nameSize, titled, type BenchResults } from './report.ts';
import { nameRow, type Row } from './rows.ts';
import type { Cell } from '../table.ts';

/** Ratios of a run to an earlier one, row by row. Above 1 is more: of frames good, of milliseconds and memory bad. */
export function formatComparison(now: BenchResults, before: BenchResults): string {
  const key = ({ row, size }: { row: Row; size: { width: number; height: number } }): string =>
    `${nameRow(row)} ${nameSize(size)}`;
  const pairUp = <T extends Parameters<typeof key>[0]>(
    these: readonly T[],
    those: readonly T[],
    compare: (a: T, b: T) => Cell[],
  ): Cell[][] =>
    these.flatMap((result) => {
      const other = those.find((candidate) => key(candidate) === key(result));
      return other ? [[nameRow(result.row), nameSize(result.size), ...compare(result, other)]] : [];
    });
  const tables = [
    titled(
      'Frames',
      ['row', 'size', 'frames a second', 'p95 of a frame', 'page thread busy'],
      pairUp(now.frames, before.frames, (a, b) => [
        a.framesPerSecond / b.framesPerSecond,
        a.frameMs.p95 / b.frameMs.p95,
        a.pageBusyMsPerFrame / b.pageBusyMsPerFrame,
      ]),
    ),
    titled(
      'Playing',
      ['row', 'size', 'shown a second', 'memory at the end'],
      pairUp(now.play, before.play, (a, b) => [
        a.framesPerSecond / b.framesPerSecond,
        lastMemoryMb(a.memory) / lastMemoryMb(b.memory),
      ]),
    ),
    titled(
      'Start',
      ['row', 'size', 'cold', 'reload', 'bytes'],
      pairUp(now.start, before.start, (a, b) => [
        a.coldMs.median / b.coldMs.median,
        a.warmMs.median / b.warmMs.median,
        a.gzipBytes / b.gzipBytes,
      ]),
    ),
  ];
  const isSameMachine =
    now.machine.processor === before.machine.processor && now.machine.gpu === before.machine.gpu;
  const warning = isSameMachine
    ? ''
    : `\nAnother machine: ${before.machine.processor}, ${before.machine.gpu}.`;
  return [`Ratios to ${before.command} (${before.date})${warning}`, ...tables].join('\n\n');
}

function lastMemoryMb(memory: BenchResults['play'][number]['memory']): number {
  const last = memory.at(-1);
  return last ? last.rendererMb + last.gpuMb : NaN;
}
