import type { VoidSegmenterElement } from '../src/index.ts';
import { cutOut } from './cut-out.ts';
import { find, setText } from './dom.ts';
import { clipUrl } from './sources.ts';

/** Seconds into the clip: he leans in. */
const firstFrameS = 30;

/** The section with one picture, cut out by code when it comes into view. */
export function connectStill(segmenter: VoidSegmenterElement): void {
  const picture = find(HTMLCanvasElement, '#picture');
  const canvas = find(HTMLCanvasElement, '#cut-out');
  const another = find(HTMLButtonElement, '#another');
  const facts = find(HTMLElement, '#still-facts');
  const video = document.createElement('video');
  video.muted = true;
  video.preload = 'auto';

  const run = async (atS: number): Promise<void> => {
    another.disabled = true;
    try {
      await drawFrame(video, atS, picture);
      const startMs = performance.now();
      await cutOut(segmenter, picture, canvas);
      setText(facts, `Done in ${Math.round(performance.now() - startMs)} ms`);
    } catch (error) {
      setText(facts, error instanceof Error ? error.message : 'It did not work.');
    } finally {
      another.disabled = false;
    }
  };

  another.addEventListener('click', () => void run(Math.random() * (video.duration || 50)));
  const observer = new IntersectionObserver(([newest]) => {
    if (!newest?.isIntersecting) return;
    observer.disconnect();
    setText(facts, 'At work');
    void run(firstFrameS);
  });
  observer.observe(canvas);
}

/** Draws the clip's frame at a time, in seconds. */
async function drawFrame(
  video: HTMLVideoElement,
  atS: number,
  canvas: HTMLCanvasElement,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    video.addEventListener('seeked', () => resolve(), { once: true });
    video.addEventListener('error', () => reject(new Error('The clip is missing: run npm ci.')), {
      once: true,
    });
    if (!video.src) video.src = clipUrl;
    video.currentTime = atS;
  });
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  canvas.getContext('2d')?.drawImage(video, 0, 0);
}
