/** The element as a React component, for React 18, whose JSX can neither set properties nor listen to events of an element. */
import { createComponent } from '@lit/react';
import * as React from 'react';
import type { ForwardRefExoticComponent, HTMLAttributes, RefAttributes } from 'react';
import { VoidSegmenterElement } from './index.ts';
import type { CamelCaseListeners, ListenerName } from './types/listeners.ts';
import type { SegmenterEvents, SegmenterProperties } from './types/surface.ts';

/** What {@link VoidSegmenter} takes: properties of the element, `onVoidMask` and its like for events, and what every HTML element takes. */
export type VoidSegmenterProps = SegmenterProperties &
  CamelCaseListeners &
  HTMLAttributes<VoidSegmenterElement>;

const events: { readonly [Name in keyof SegmenterEvents as ListenerName<Name>]: Name } = {
  onVoidStateChange: 'void-state-change',
  onVoidProgress: 'void-progress',
  onVoidReady: 'void-ready',
  onVoidMask: 'void-mask',
  onVoidBackendChange: 'void-backend-change',
  onVoidStats: 'void-stats',
  onVoidError: 'void-error',
};

/** `<void-segmenter>`; its `ref` is the element. */
export const VoidSegmenter = createComponent({
  react: React,
  tagName: 'void-segmenter',
  elementClass: VoidSegmenterElement,
  displayName: 'VoidSegmenter',
  events,
  // Besides what can be set its type takes methods and what is only to read.
}) as ForwardRefExoticComponent<VoidSegmenterProps & RefAttributes<VoidSegmenterElement>>;
