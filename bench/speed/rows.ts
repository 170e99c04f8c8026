import type { CanvasEffect } from '../peers/canvas-effect.ts';
import type { Backend, BenchModel, SubjectName, View } from '../pages/subject.ts';

/** One line of a table: what runs, where, and what it draws. */
export interface Row extends View {
  readonly subject: SubjectName;
  readonly backend: Backend;
}

const effects: readonly CanvasEffect[] = ['cutout', 'blur'];

/** Which subjects there are to compare. MediaPipe and LiteRT.js take `.tflite` models only. */
export function listSubjects(backend: Backend, model: BenchModel): SubjectName[] {
  const subjects: SubjectName[] = ['element', 'naive-pixels', 'naive-mask'];
  if (model.tfliteUrl) subjects.push('mediapipe');
  if (model.tfliteUrl && backend === 'webgpu') subjects.push('litert');
  return subjects;
}

/** Every effect, and for the element with masks for the page as well. */
export function listRows(backend: Backend, model: BenchModel): Row[] {
  return listSubjects(backend, model).flatMap((subject) =>
    effects.flatMap((effect) =>
      (subject === 'element' ? [false, true] : [false]).map((hasMask) => ({
        subject,
        backend,
        effect,
        hasMask,
      })),
    ),
  );
}

export function nameRow({ subject, backend, effect, hasMask }: Row): string {
  if (subject === 'video') return 'the clip alone';
  const delegate = { wasm: 'CPU', webgpu: 'GPU' }[backend];
  const where = subject === 'mediapipe' ? delegate : backend;
  return `${subject} ${where} ${effect}${hasMask ? ' + alpha' : ''}`;
}
