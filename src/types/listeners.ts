import type { SegmenterEvents } from './surface.ts';

type Listener<Name extends keyof SegmenterEvents> =
  ((event: SegmenterEvents[Name]) => void) | undefined;

/** `void-mask` as `onvoid-mask`: React 19 and Svelte listen to the event whose name follows `on`, letter by letter. */
export type VerbatimListeners = {
  [Name in keyof SegmenterEvents as `on${Name}`]?: Listener<Name>;
};

/** `void-mask` as `onVoidMask`: the component for React, and what vue-tsc makes of `@void-mask`. */
export type CamelCaseListeners = {
  [Name in keyof SegmenterEvents as ListenerName<Name>]?: Listener<Name>;
};

/** `onVoidMask` of `void-mask`. */
export type ListenerName<Name extends string> = `on${PascalCase<Name>}`;

type PascalCase<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Capitalize<Head>}${PascalCase<Tail>}`
  : Capitalize<Name>;
