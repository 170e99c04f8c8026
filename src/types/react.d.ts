/**
 * `<void-segmenter>` in the JSX of React 19. Turned on by `"types": ["void-segmenter/types/react"]` in tsconfig.json, or by
 * `import type {} from 'void-segmenter/types/react'` in one file.
 */
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { VoidSegmenterElement } from '../element/void-segmenter.ts';
import type { VerbatimListeners } from './listeners.ts';
import type { SegmenterAttributes, SegmenterProperties } from './surface.ts';

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'void-segmenter': DetailedHTMLProps<
        HTMLAttributes<VoidSegmenterElement>,
        VoidSegmenterElement
      > &
        SegmenterProperties &
        SegmenterAttributes &
        VerbatimListeners;
    }
  }
}
