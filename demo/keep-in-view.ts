import type { VoidSegmenterElement } from '../src/index.ts';

/** What {@link keepInView} watches. */
export interface InViewOptions {
  /** Parts of the page that need the element to run; default: itself. */
  readonly parts?: readonly Element[];
  /** How much of one of them is to be seen, 0 to 1. Default 0. */
  readonly threshold?: number;
  /** Called once, the first time one is seen. */
  readonly onFirstView?: () => void;
}

/** Pauses an element while nobody sees what it does, and lets it go on afterwards if it ran before. */
export function keepInView(
  segmenter: VoidSegmenterElement,
  { parts = [segmenter], threshold = 0, onFirstView }: InViewOptions = {},
): void {
  const seen = new Set<Element>(parts);
  let isHeld = false;
  let isNew = true;

  const hold = (): void => {
    if (seen.size > 0 || segmenter.state !== 'running') return;
    if (!(segmenter.media instanceof HTMLVideoElement)) return;
    isHeld = true;
    segmenter.pause();
  };
  // It may start only after it has left the view: loading takes a while.
  segmenter.addEventListener('void-state-change', hold);

  const onChange = (entries: IntersectionObserverEntry[]): void => {
    for (const { target, isIntersecting, intersectionRatio } of entries) {
      if (isIntersecting && intersectionRatio >= threshold) seen.add(target);
      else seen.delete(target);
    }
    if (seen.size === 0) {
      hold();
      return;
    }
    if (isNew) onFirstView?.();
    isNew = false;
    if (isHeld) segmenter.play().catch(() => {});
    isHeld = false;
  };
  const observer = new IntersectionObserver(onChange, { threshold });
  for (const part of parts) observer.observe(part);
}
