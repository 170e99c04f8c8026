/**
 * `<void-segmenter>` in the JSX of Solid. Turned on by `"types": ["void-segmenter/types/solid"]` in tsconfig.json, or by
 * `import type {} from 'void-segmenter/types/solid'` in one file.
 */
import type { JSX } from 'solid-js';
import type { VoidSegmenterElement } from '../element/void-segmenter.ts';
import type { SegmenterAttributes, SegmenterEvents, SegmenterProperties } from './surface.ts';

/** Without `prop:` Solid writes constants into HTML, where `maskOutput` is no attribute. */
type Properties = {
  [Name in keyof SegmenterProperties as `prop:${Name}`]?: SegmenterProperties[Name];
};

type Listeners = {
  [Name in keyof SegmenterEvents as `on:${Name}`]?:
    JSX.EventHandlerWithOptionsUnion<VoidSegmenterElement, SegmenterEvents[Name]> | undefined;
};

declare module 'solid-js' {
  namespace JSX {
    interface IntrinsicElements {
      'void-segmenter': HTMLAttributes<VoidSegmenterElement> &
        SegmenterAttributes &
        Properties &
        Listeners;
    }
  }
}
