import type { Backend, SegmenterState, VoidSegmenterElement } from '../src/index.ts';
import { find, setText } from './dom.ts';
import { formatProgress } from './event-text.ts';

/** Names as people write them. */
export const backendNames: Record<Backend, string> = {
  webgpu: 'WebGPU',
  webnn: 'WebNN',
  wasm: 'WebAssembly',
};

/** Says in one line what goes on, for eyes and for screen readers. Returns how to say something else there. */
export function connectStatus(segmenter: VoidSegmenterElement): (text: string) => void {
  const status = find(HTMLElement, '#status');
  const progress = find(HTMLProgressElement, '#progress');
  const loadingText = find(HTMLElement, '#loading-text');
  const announce = (text: string): void => setText(status, text);

  segmenter.addEventListener('void-state-change', ({ state }) => {
    announce(describe(state, segmenter.activeBackend));
    if (state !== 'loading') return;
    setText(loadingText, segmenter.activeBackend ? 'Opening the source' : 'Loading the model');
    progress.removeAttribute('value');
  });
  segmenter.addEventListener('void-progress', ({ loaded, total, asset }) => {
    if (total > 0 && loaded >= total) {
      setText(loadingText, 'Warming up the model');
      progress.removeAttribute('value');
      return;
    }
    setText(loadingText, `Loading ${asset}: ${formatProgress(loaded, total)}`);
    if (total > 0) progress.value = loaded / total;
  });
  segmenter.addEventListener('void-ready', () => {
    announce(describe(segmenter.state, segmenter.activeBackend));
  });
  segmenter.addEventListener('void-backend-change', ({ from, to }) => {
    announce(`${backendNames[from]} gave way to ${backendNames[to]}`);
  });
  return announce;
}

function describe(state: SegmenterState, backend: Backend | null): string {
  const where = backend ? ` on ${backendNames[backend]}` : '';
  switch (state) {
    case 'idle':
      return 'No source';
    case 'loading':
      return 'Loading';
    case 'running':
      return `Running${where}`;
    case 'paused':
      return 'Paused';
    case 'failed':
      return 'Stopped by an error';
    default:
      return state satisfies never;
  }
}
