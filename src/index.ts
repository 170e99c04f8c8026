/** The package: registers `<void-segmenter>` and exports its classes. */
import { VoidSegmenterElement } from './element/void-segmenter.ts';

export * from './element/events.ts';
export type { SegmenterStats } from './element/frame-stats.ts';
export type { CameraOption, MaskOutput, MaskSize, Preload } from './element/options.ts';
export { VoidSegmenterElement } from './element/void-segmenter.ts';
export * from './segmenter.ts';
export type { SourceObject } from './source/open-source.ts';
export type { Effect, StageTimes } from './stage.ts';

// Of two versions on a page the first one wins. Under Node there is no registry to speak of.
const registry = globalThis.customElements as CustomElementRegistry | undefined;
if (registry && !registry.get('void-segmenter')) {
  registry.define('void-segmenter', VoidSegmenterElement);
}
