/**
 * `<void-segmenter>` in the JSX of React 19. Turned on by `"types": ["void-segmenter/types/react"]` in tsconfig.json, or by
 * `import type {} from 'void-segmenter/types/react'` in one file.
 */
import type { DetailedHTMLProps, HTMLAttributes } from 'react';
import type { VoidSegmenterElement } from '../element/void-segmenter.ts';
import type { SegmenterAttributes, SegmenterEvents, SegmenterProperties } from './surface.ts';

/** React listens to the event whose name follows `on`, letter by letter. */
type Listeners = {
  [Name in keyof SegmenterEvents as `on${Name}`]?:
    ((event: SegmenterEvents[Name]) => void) | undefined;
};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'void-segmenter': DetailedHTMLProps<
        HTMLAttributes<VoidSegmenterElement>,
        VoidSegmenterElement
      > &
        SegmenterProperties &
        SegmenterAttributes &
        Listeners;
    }
  }
}
