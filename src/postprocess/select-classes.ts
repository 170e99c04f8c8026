import { SegmenterError } from '../errors.ts';
import type { ClassSelection, MaskFormat, ModelOutput } from '../stage.ts';

/**
 * Works out which classes are foreground, and whether that of every pixel is to be told.
 *
 * @param wanted - Names or numbers of classes, names before numbers; empty: what the model has as foreground, or all but the first.
 * @param format - Of the mask that is wanted; null: none is.
 * @throws SegmenterError `option-invalid` that lists the model's classes.
 */
export function selectClasses(
  wanted: readonly string[],
  format: MaskFormat | null,
  { classes, foreground: usual }: ModelOutput,
): ClassSelection {
  const indices = wanted.map((word) => findClass(word, wanted, classes));
  const foreground =
    indices.length > 0
      ? [...new Set(indices)].sort((a, b) => a - b)
      : (usual ?? Array.from(classes.slice(1), (_, i) => i + 1));
  // Of two classes the mask itself tells, by the threshold, unless it is not that of the second one.
  const needsMap = classes.length > 2 || foreground.join() !== '1';
  return { foreground, hasCategories: format === 'categories' && needsMap };
}

/** Whether what was kept by `kept` will do for `wanted`. */
export function coversSelection(kept: ClassSelection, wanted: ClassSelection): boolean {
  return (
    kept.foreground.join() === wanted.foreground.join() &&
    (kept.hasCategories || !wanted.hasCategories) &&
    JSON.stringify(kept.prompts) === JSON.stringify(wanted.prompts)
  );
}

function findClass(word: string, wanted: readonly string[], classes: readonly string[]): number {
  const named = classes.indexOf(word);
  if (named >= 0) return named;
  const index = Number(word);
  if (/^\d+$/.test(word) && index < classes.length) return index;
  const list = classes.map((name, i) => `"${name}" (${i})`).join(', ');
  throw new SegmenterError(
    'option-invalid',
    `classes="${wanted.join(' ')}": the model has no class "${word}". Its classes are ${list}.`,
  );
}
