import { VoidSegmenterElement } from '../src/index.ts';
import { find } from './dom.ts';
import { flowAround } from './flow-around.ts';
import { keepInView } from './keep-in-view.ts';
import { connectPlayButton } from './play-button.ts';

/** Seconds into the clip: he sits still, and is about to lean in. */
const firstFrameS = 27;
/** Slow enough to see the words make room. */
const playbackRate = 0.5;

/** The section with text around a person; its model is loaded when it comes into view. */
export function connectAround(autoplay: boolean): void {
  const segmenter = find(VoidSegmenterElement, '#around-segmenter');
  let isNew = true;

  segmenter.autoplay = autoplay;
  keepInView(segmenter, {
    threshold: 0.3,
    onFirstView: () => {
      segmenter.src = segmenter.dataset['src'] ?? '';
    },
  });
  segmenter.addEventListener('void-state-change', () => {
    const { media } = segmenter;
    if (!(media instanceof HTMLVideoElement)) return;
    media.playbackRate = playbackRate;
    if (isNew) media.currentTime = firstFrameS;
    isNew = false;
  });
  connectPlayButton(find(HTMLButtonElement, '#around-play'), segmenter);
  flowAround(segmenter);
}
