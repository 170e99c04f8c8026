import type { ViewOptions } from '../../src/protocol/messages.ts';
import type { View } from './subject.ts';

/** What a view is to our own pipeline. */
export function createViewOptions({ effect, hasMask }: View): ViewOptions {
  return {
    effect: { effect, blurRadiusPx: 12, backgroundColor: [0, 0, 0, 0] },
    mask: hasMask ? { format: 'alpha', size: 'source', threshold: 0.5 } : null,
    priority: 'throughput',
    matte: { refine: true, smoothing: 0.7 },
  };
}
