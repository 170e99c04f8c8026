import type { VoidSegmenterElement } from '../src/index.ts';
import { setText } from './dom.ts';

/** Has a button play and pause an element. */
export function connectPlayButton(
  button: HTMLButtonElement,
  segmenter: VoidSegmenterElement,
): void {
  const update = (): void => {
    const { state, media } = segmenter;
    // A picture has nothing to play.
    button.disabled = !(media instanceof HTMLVideoElement) || state === 'failed';
    setText(button, state === 'paused' || state === 'idle' ? 'Play' : 'Pause');
  };
  segmenter.addEventListener('void-state-change', update);
  update();
  button.addEventListener('click', () => {
    if (segmenter.state === 'running') segmenter.pause();
    // A failure arrives as an event, and pausing meanwhile is none.
    else segmenter.play().catch(() => {});
  });
}
