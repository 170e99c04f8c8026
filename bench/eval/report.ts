import type { Machine } from '../machine.ts';
import { formatTable, type Cell } from '../table.ts';
import type { ClipScores, PictureScores } from './page/main.ts';
import type { EvalRow } from './rows.ts';

/** One picture and what each row made of it, in the order of the rows. */
export interface PictureResult {
  readonly id: string;
  readonly subset: string;
  readonly scores: readonly PictureScores[];
}

/** One clip and what each row made of it. */
export interface ClipResult {
  readonly id: string;
  readonly scores: readonly ClipScores[];
}

/** All that one run of the evaluation found. */
export interface EvalResults {
  readonly command: string;
  readonly date: string;
  readonly machine: Machine;
  readonly rows: readonly EvalRow[];
  readonly pictures: readonly PictureResult[];
  readonly clips: readonly ClipResult[];
}

/** The tables of a run. */
export function formatEvaluation(results: EvalResults): string {
  const { command, date, machine, rows, pictures, clips } = results;
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`);
  const parts = [
    [
      `${command}  (${date})`,
      `${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB; GPU: ${machine.gpu}`,
      versions.join(', '),
    ].join('\n'),
  ];
  if (pictures.length > 0) parts.push(formatPictures(rows, pictures));
  if (clips.length > 0) parts.push(formatClips(rows, clips));
  return parts.join('\n\n');
}

function formatPictures(rows: readonly EvalRow[], pictures: readonly PictureResult[]): string {
  const subsets = [...new Set(pictures.map(({ subset }) => subset))].sort();
  const groups: [string, readonly PictureResult[]][] = [
    ['all', pictures],
    ...subsets.map((subset): [string, readonly PictureResult[]] => [
      subset,
      pictures.filter((picture) => picture.subset === subset),
    ]),
  ];
  return [
    'Pictures, mean\n',
    formatTable(
      ['pictures', 'row', 'IoU', 'absolute error', 'boundary F', 'false-positive area, %'],
      groups.flatMap(([group, members]) =>
        rows.map(({ name }, i): Cell[] => {
          const meanOf = (key: keyof PictureScores): number =>
            mean(members.flatMap(({ scores }) => scores[i]?.[key] ?? []));
          return [
            `${group} (${members.length})`,
            name,
            fixed(meanOf('iou')),
            fixed(meanOf('meanAbsoluteError')),
            fixed(meanOf('boundaryF')),
            fixed(100 * meanOf('falsePositiveArea'), 2),
          ];
        }),
      ),
    ),
  ].join('\n');
}

function formatClips(rows: readonly EvalRow[], clips: readonly ClipResult[]): string {
  return [
    'Clips\n',
    formatTable(
      [
        ...['clip', 'row', 'IoU', 'lowest', 'absolute error', 'boundary F'],
        ...['flicker, % of the area', 'soft flicker, %'],
      ],
      clips.flatMap(({ id, scores }) =>
        rows.flatMap(({ name }, i) => {
          const found = scores[i];
          if (!found) return [];
          return [
            [
              `${id} (${found.iou.length} frames)`,
              name,
              fixed(mean(found.iou)),
              fixed(Math.min(...found.iou)),
              fixed(mean(found.meanAbsoluteError)),
              fixed(mean(found.boundaryF)),
              fixed(100 * mean(found.hardFlicker), 3),
              fixed(100 * mean(found.softFlicker), 3),
            ],
          ];
        }),
      ),
    ),
  ].join('\n');
}

/** Digits to compare by; a dash where there is nothing to take the mean of. */
function fixed(value: number, digits = 4): string {
  return Number.isNaN(value) ? '–' : value.toFixed(digits);
}

/** NaN of nothing. */
function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
