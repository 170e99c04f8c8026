import type { VoidSegmenterElement } from '../src/index.ts';
import { byId } from './page.ts';

/** Writes an element's numbers into the page as they come. */
export function showNumbers(element: VoidSegmenterElement): void {
  const write = (id: string, text: string): void => {
    byId(id, HTMLElement).textContent = text;
  };
  element.addEventListener('void-stats', ({ stats }) => {
    write('fps', stats.fps.toFixed(1));
    write('inference', `${stats.inferenceMs.toFixed(1)} ms`);
    write('frame', `${stats.frameMs.toFixed(1)} ms`);
    write('dropped', String(stats.droppedFrames));
    write('active-backend', `${stats.backend ?? '–'} / ${stats.renderer ?? '–'}`);
  });
  element.addEventListener('void-state-change', ({ state }) => write('state', state));
}
