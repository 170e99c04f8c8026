/**
 * `<void-segmenter>` in Svelte 5, for svelte-check and editors. Turned on by `"types": ["void-segmenter/types/svelte"]` in tsconfig.json, or by
 * `import type {} from 'void-segmenter/types/svelte'` in one file.
 */
import type { HTMLAttributes } from 'svelte/elements';
import type { VoidSegmenterElement } from '../element/void-segmenter.ts';
import type { VerbatimListeners } from './listeners.ts';
import type { SegmenterAttributes, SegmenterProperties } from './surface.ts';

/** Svelte sets an attribute that is `false` to that word, which turns it on. */
type Attributes = {
  [Name in Exclude<keyof SegmenterAttributes, keyof SegmenterProperties>]?: Exclude<
    SegmenterAttributes[Name],
    false
  >;
};

declare module 'svelte/elements' {
  interface SvelteHTMLElements {
    'void-segmenter': HTMLAttributes<VoidSegmenterElement> &
      SegmenterProperties &
      Attributes &
      VerbatimListeners;
  }
}
