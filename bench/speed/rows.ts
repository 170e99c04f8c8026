import type { CanvasEffect } from '../peers/canvas-effect.ts';
import type { Backend, BenchModel, SubjectName, Variant, View } from '../pages/subject.ts';

/** One line of a table: what runs, where, and what it draws. */
export interface Row extends View {
  readonly subject: SubjectName;
  readonly backend: Backend;
  /** Of the element. */
  readonly variant: Variant;
}

const effects: readonly CanvasEffect[] = ['cutout', 'blur'];

/** Which subjects there are to compare. MediaPipe and LiteRT.js take `.tflite` models only. */
function listSubjects(backend: Backend, model: BenchModel): SubjectName[] {
  const subjects: SubjectName[] = ['element'];
  if (model.layout === 'nhwc') subjects.push('naive-pixels', 'naive-mask');
  if (model.tfliteUrl) subjects.push('mediapipe');
  if (model.tfliteUrl && backend === 'webgpu') subjects.push('litert');
  return subjects;
}

/** Which subjects there are, the element once for each variant. */
export function listParts(
  backend: Backend,
  model: BenchModel,
  variants: readonly Variant[],
): Pick<Row, 'subject' | 'backend' | 'variant'>[] {
  return listSubjects(backend, model).flatMap((subject) =>
    (subject === 'element' ? variants : [{}]).map((variant) => ({ subject, backend, variant })),
  );
}

/** Every effect, and for the element with masks for the page as well. */
export function listRows(backend: Backend, model: BenchModel, variants: readonly Variant[]): Row[] {
  return listParts(backend, model, variants).flatMap((part) =>
    effects.flatMap((effect) =>
      (part.subject === 'element' ? [false, true] : [false]).map((hasMask) => ({
        ...part,
        effect,
        hasMask,
      })),
    ),
  );
}

export function nameRow({ subject, backend, variant, effect, hasMask }: Row): string {
  if (subject === 'video') return 'the clip alone';
  const delegate = { wasm: 'CPU', webgpu: 'GPU' }[backend];
  const where = subject === 'mediapipe' ? delegate : backend;
  const { workers, threads, renderer } = variant;
  const parts = [renderer, count(workers, 'worker'), count(threads, 'thread')].filter(Boolean);
  const how = parts.length > 0 ? ` (${parts.join(', ')})` : '';
  return `${subject} ${where} ${effect}${hasMask ? ' + alpha' : ''}${how}`;
}

function count(number: number | undefined, noun: string): string {
  return number === undefined ? '' : `${number} ${noun}${number > 1 ? 's' : ''}`;
}
