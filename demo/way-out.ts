import type { ErrorCode } from '../src/index.ts';

/** What the page can do for the visitor. */
export type Action = 'use-clip' | 'use-any-backend' | 'try-again' | 'reload';

/** What a person can do about an error. */
export interface WayOut {
  readonly hint: string;
  readonly action: Action;
  /** Label of the button. */
  readonly label: string;
}

const useClip = { action: 'use-clip', label: 'Back to the clip' } as const;
const reload = { action: 'reload', label: 'Reload the page' } as const;

const waysOut: Partial<Record<ErrorCode, WayOut>> = {
  'backend-unavailable': {
    hint: 'Another backend will do the same work.',
    action: 'use-any-backend',
    label: 'Use any backend that works',
  },
  'device-lost': {
    hint: 'The graphics processor went away. WebAssembly does without one.',
    action: 'use-any-backend',
    label: 'Use any backend that works',
  },
  'camera-denied': {
    hint: 'Allow the camera beside the address bar, then try again, or stay with the clip.',
    ...useClip,
  },
  'camera-missing': {
    hint: 'Plug one in or close the program that holds it, or stay with the clip.',
    ...useClip,
  },
  'source-decode': {
    hint: 'MP4 (H.264) and WebM (VP8, VP9) play nearly everywhere; so do JPEG, PNG and WebP.',
    ...useClip,
  },
  'source-fetch': {
    hint: 'The clip comes with the project: run npm ci, then npm start.',
    ...useClip,
  },
  'source-tainted': { hint: 'Save the picture and drop the file here instead.', ...useClip },
  'out-of-memory': { hint: 'Close other tabs, or take a smaller picture.', ...useClip },
  'model-fetch': {
    hint: 'Is the server still running?',
    action: 'try-again',
    label: 'Try again',
  },
  unsupported: { hint: 'A newer browser will do.', ...reload },
};

/** Never empty-handed: what there is no better advice for starts anew. */
export function findWayOut(code: ErrorCode): WayOut {
  return waysOut[code] ?? { hint: 'Starting afresh often helps.', ...reload };
}
