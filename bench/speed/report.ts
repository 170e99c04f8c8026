import type { Distribution } from './statistics.ts';
import type { Machine } from '../machine.ts';
import type { CopiesResult } from './measure-copies.ts';
import type { FramesResult } from './measure-frames.ts';
import type { PlayResult } from './measure-play.ts';
import type { StartResult } from './measure-start.ts';
import type { TransfersResult } from './measure-transfers.ts';
import { nameRow, type Row } from './rows.ts';
import { formatTable, type Cell } from '../table.ts';

/** All that one run of the benchmark found. Phases that were left out are empty. */
export interface BenchResults {
  readonly command: string;
  readonly date: string;
  readonly machine: Machine;
  readonly frames: readonly FramesResult[];
  readonly copies: readonly CopiesResult[];
  readonly start: readonly StartResult[];
  readonly play: readonly PlayResult[];
  readonly transfers: readonly TransfersResult[];
}

/** The tables of a run. */
export function formatResults(results: BenchResults): string {
  const { command, date, machine, frames, copies, start, play, transfers } = results;
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const parts = [
    [
      `${command}  (${date})`,
      `${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB; GPU: ${machine.gpu}`,
      versions.join(', '),
    ].join('\n'),
  ];
  if (frames.length > 0)
    parts.push(formatFrames(frames), formatStages(frames), formatRatios(frames));
  if (play.length > 0) parts.push(formatPlay(play), formatMemory(play));
  if (start.length > 0) parts.push(formatStart(start));
  if (copies.length > 0) parts.push(formatCopies(copies), formatGpu(copies));
  if (transfers.length > 0) parts.push(formatTransfers(transfers));
  return parts.filter(Boolean).join('\n\n');
}

function formatFrames(frames: readonly FramesResult[]): string {
  return titled(
    'Frames, one right after the other',
    ['row', 'size', 'frames a second', 'ms a frame', 'p95', 'page thread busy, ms a frame'],
    frames.map(({ row, size, framesPerSecond, frameMs, pageBusyMsPerFrame }) => [
      nameRow(row),
      nameSize(size),
      framesPerSecond,
      ...cells(frameMs),
      pageBusyMsPerFrame,
    ]),
  );
}

function formatStages(frames: readonly FramesResult[]): string {
  return titled(
    'Stages of the element in its worker, ms a frame, median / p95 (WebGPU: time to record; see the GPU table)',
    ['row', 'size', 'upload', 'preprocess', 'inference', 'postprocess', 'composite'],
    frames.flatMap(({ row, size, stages }) =>
      stages
        ? [
            [
              nameRow(row),
              nameSize(size),
              pair(stages.uploadMs),
              pair(stages.preprocessMs),
              pair(stages.inferenceMs),
              pair(stages.postprocessMs),
              pair(stages.compositeMs),
            ],
          ]
        : [],
    ),
  );
}

/** How many times as many frames as each of the others, on the same backend with the same effect. */
function formatRatios(frames: readonly FramesResult[]): string {
  const find = (from: FramesResult, subject: Row['subject']): FramesResult | undefined =>
    frames.find(
      ({ row, size }) =>
        row.subject === subject &&
        row.backend === from.row.backend &&
        row.effect === from.row.effect &&
        nameSize(size) === nameSize(from.size),
    );
  const ratio = (from: FramesResult, subject: Row['subject']): Cell => {
    const other = find(from, subject);
    return other && from.framesPerSecond / other.framesPerSecond;
  };
  return titled(
    'Frames a second of the element, times those of',
    ['row', 'size', 'naive-pixels', 'naive-mask', 'mediapipe'],
    frames
      .filter(({ row }) => row.subject === 'element')
      .map((from) => [
        nameRow(from.row),
        nameSize(from.size),
        ratio(from, 'naive-pixels'),
        ratio(from, 'naive-mask'),
        ratio(from, 'mediapipe'),
      ]),
  );
}

function formatPlay(play: readonly PlayResult[]): string {
  return titled(
    'The clip in real time (25 frames a second)',
    [
      ...['row', 'size', 'shown a second', 'dropped a second', 'page thread busy, ms a frame'],
      ...['in long tasks, ms a frame', 'timer late, ms', 'p95'],
    ],
    play.map((result) => [
      nameRow(result.row),
      nameSize(result.size),
      result.framesPerSecond,
      result.droppedPerSecond,
      result.pageBusyMsPerFrame,
      result.longTasksMsPerFrame,
      ...cells(result.latenessMs),
    ]),
  );
}

function formatMemory(play: readonly PlayResult[]): string {
  const base = play.find(({ row }) => row.subject === 'video');
  const totalOf = ({ rendererMb, gpuMb }: PlayResult['memory'][number]): number =>
    rendererMb + gpuMb;
  return titled(
    'Memory, MB',
    ['row', 'after', 'renderer', 'GPU process', 'together', 'above the clip alone'],
    play.flatMap(({ row, memory }) =>
      memory.map((taken, i) => {
        const below = base?.memory[i];
        return [
          nameRow(row),
          `${taken.seconds} s`,
          taken.rendererMb,
          taken.gpuMb,
          totalOf(taken),
          below && totalOf(taken) - totalOf(below),
        ];
      }),
    ),
  );
}

function formatStart(start: readonly StartResult[]): string {
  return titled(
    'From the navigation to the first masked frame',
    ['row', 'cold, ms', 'p95', 'reload, ms', 'p95', 'KB transferred (gzip)', 'KB raw'],
    start.map(({ row, coldMs, warmMs, gzipBytes, rawBytes }) => [
      nameRow(row),
      ...cells(coldMs),
      ...cells(warmMs),
      gzipBytes / 1000,
      rawBytes / 1000,
    ]),
  );
}

/** What is read back from a GPU or a canvas; the rest is copied to it or created. */
const readBacks = ['mapAsync', 'readPixels', 'getBufferSubData', 'getImageData'];

function formatCopies(copies: readonly CopiesResult[]): string {
  const names = [...new Set(copies.flatMap(({ callsPerFrame }) => Object.keys(callsPerFrame)))];
  const order = (name: string): number => (readBacks.includes(name) ? 0 : 1);
  names.sort((a, b) => order(a) - order(b) || a.localeCompare(b));
  return titled(
    'Calls a frame: read-backs first, then what is copied or created',
    ['row', ...names],
    copies.map(({ row, callsPerFrame }) => [
      nameRow(row),
      ...names.map((name) => callsPerFrame[name] ?? 0),
    ]),
  );
}

function formatGpu(copies: readonly CopiesResult[]): string {
  const lines = copies.flatMap(({ row, gpuPerFrame }) =>
    Object.entries(gpuPerFrame).map(([label, { passes, ms }]) => [nameRow(row), label, passes, ms]),
  );
  if (lines.length === 0) return '';
  return titled('GPU time by timestamps', ['row', 'stage', 'passes a frame', 'ms a frame'], lines);
}

function formatTransfers(transfers: readonly TransfersResult[]): string {
  return titled(
    'Pixels to another thread and a mask back, 256 KB each, without the model between',
    ['buffers', 'ms a round trip', 'p95'],
    transfers.map(({ way, roundTripMs }) => [way, ...cells(roundTripMs)]),
  );
}

export function titled(
  title: string,
  header: readonly string[],
  lines: readonly (readonly Cell[])[],
): string {
  return `${title}\n\n${formatTable(header, lines)}`;
}

export function nameSize({ width, height }: { width: number; height: number }): string {
  return `${width}x${height}`;
}

function cells({ median, p95 }: Distribution): [number, number] {
  return [median, p95];
}

function pair({ median, p95 }: Distribution): string {
  return `${median.toFixed(2)} / ${p95.toFixed(2)}`;
}
