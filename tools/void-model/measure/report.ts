import { cpus } from 'node:os';

import type { Comparison } from './compare.ts';

/** What is told of each of two models beside how they compare. */
export interface ReportedModel {
  readonly name: string;
  readonly sizeBytes: number;
}

/** The table to look at before one model takes the place of another. */
export function formatComparison(
  models: readonly [ReportedModel, ReportedModel],
  comparison: Comparison,
): string {
  const { difference, iou, agreement, speed } = comparison;
  const [a, b] = models;
  const lines = [
    ['', a.name, b.name, ''],
    [
      'size, bytes',
      ...both(models, ({ sizeBytes }) => count(sizeBytes)),
      ratio(b.sizeBytes / a.sizeBytes),
    ],
    [
      'median, ms',
      ...both(speed, ({ medianMs }) => ms(medianMs)),
      ratio(speed[1].medianMs / speed[0].medianMs),
    ],
    [
      'fastest, ms',
      ...both(speed, ({ fastestMs }) => ms(fastestMs)),
      ratio(speed[1].fastestMs / speed[0].fastestMs),
    ],
    [],
    ['', 'mean', 'worst', ''],
    ['difference', tiny(difference.mean), tiny(difference.worst), difference.worstOn],
    ['IoU at 0.5', iou.mean.toFixed(4), iou.worst.toFixed(4), iou.worstOn],
    ...(agreement === null ? [] : [['same class', `${(100 * agreement).toFixed(2)} %`, '', '']]),
  ];
  return layOut(lines);
}

/** How the numbers came about, in one line. */
export function describeRun({ samples, kind, isKindGuessed }: Comparison, threads: number): string {
  const things = `${samples} ${samples === 1 ? 'picture' : 'pictures'}`;
  const read = isKindGuessed ? `read as ${kind}, a guess` : `read as ${kind}`;
  return `${things}, output ${read}; ONNX Runtime Web, wasm, ${threads} ${
    threads === 1 ? 'thread' : 'threads'
  }; ${describeMachine()}`;
}

/** Processor and Node. */
export function describeMachine(): string {
  const all = cpus();
  return `${all[0]?.model.trim() ?? 'unknown processor'}, ${all.length} cores, Node ${process.versions.node}`;
}

function both<T>(pair: readonly [T, T], format: (value: T) => string): [string, string] {
  return [format(pair[0]), format(pair[1])];
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function ms(value: number): string {
  return value.toFixed(value < 100 ? 2 : 0);
}

function ratio(value: number): string {
  return `x ${value.toFixed(2)}`;
}

function tiny(value: number): string {
  return value !== 0 && value < 0.001 ? value.toExponential(1) : value.toFixed(4);
}

/** Columns under each other, the first to the left, numbers to the right. */
function layOut(lines: readonly (readonly string[])[]): string {
  const widths = [0, 1, 2].map((column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map(([label = '', a = '', b = '', note = '']) =>
      `${label.padEnd(widths[0] ?? 0)}  ${a.padStart(widths[1] ?? 0)}  ${b.padStart(widths[2] ?? 0)}  ${note}`.trimEnd(),
    )
    .join('\n');
}
