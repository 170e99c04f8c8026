import type { VoidSegmenterElement } from '../src/index.ts';
import { find } from './dom.ts';
import { connectPlayButton } from './play-button.ts';

/** Play, pause, save. */
export function connectTransport(
  segmenter: VoidSegmenterElement,
  announce: (text: string) => void,
): void {
  connectPlayButton(find(HTMLButtonElement, '#play'), segmenter);
  const save = find(HTMLButtonElement, '#save');
  const enable = (): void => {
    save.disabled = segmenter.state !== 'running' && segmenter.state !== 'paused';
  };
  segmenter.addEventListener('void-state-change', enable);
  enable();
  save.addEventListener('click', () => {
    saveFrame(segmenter).then(
      () => announce('Saved as void-segmenter.png'),
      // What went wrong is shown by the listener of void-error.
      () => announce('Not saved'),
    );
  });
}

async function saveFrame(segmenter: VoidSegmenterElement): Promise<void> {
  const blob = await segmenter.toBlob();
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = 'void-segmenter.png';
  link.click();
  // The download has begun by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
