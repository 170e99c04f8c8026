/**
 * `<void-segmenter>` in templates of Vue 3, for vue-tsc and editors. Turned on by `"types": ["void-segmenter/types/vue"]` in tsconfig.json, or by
 * `import type {} from 'void-segmenter/types/vue'` in one file.
 */
import type { HTMLAttributes, PublicProps } from 'vue';
import type { VoidSegmenterElement } from '../element/void-segmenter.ts';
import type { CamelCaseListeners } from './listeners.ts';
import type { SegmenterProperties } from './surface.ts';

declare module 'vue' {
  interface HTMLAttributes {
    /** Name of the element's slot that it goes into. */
    slot?: string | undefined;
  }

  interface GlobalComponents {
    /** What Vue's tools take for the instance of a component is the element, which is what a template ref holds. */
    'void-segmenter': new () => VoidSegmenterElement & {
      $props: SegmenterProperties & CamelCaseListeners & HTMLAttributes & PublicProps;
    };
  }
}
