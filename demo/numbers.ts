import type { SegmenterStats, VoidSegmenterElement } from '../src/index.ts';
import { find, setText } from './dom.ts';
import { backendNames } from './status.ts';

type Shown = 'fps' | 'inferenceMs' | 'frameMs' | 'droppedFrames' | 'backend' | 'renderer';

const nothing: Record<Shown, string> = {
  fps: '–',
  inferenceMs: '–',
  frameMs: '–',
  droppedFrames: '–',
  backend: '–',
  renderer: '–',
};

/** Shows how fast it runs, and on what. */
export function connectNumbers(segmenter: VoidSegmenterElement): void {
  segmenter.addEventListener('void-stats', ({ stats }) => show(format(stats)));
  segmenter.addEventListener('void-ready', () => show(format(segmenter.getStats())));
  segmenter.addEventListener('void-state-change', ({ state }) => {
    if (state === 'loading' || state === 'failed' || state === 'idle') show(nothing);
    // A still has one frame and reports on no other.
    else show(format(segmenter.getStats()));
  });
}

function show(numbers: Record<Shown, string>): void {
  for (const [name, text] of Object.entries(numbers)) {
    setText(find(HTMLElement, `[data-number=${name}]`), text);
  }
}

function format(stats: SegmenterStats): Record<Shown, string> {
  const { fps, inferenceMs, frameMs, droppedFrames, backend, renderer } = stats;
  return {
    fps: fps > 0 ? fps.toFixed(1) : '–',
    inferenceMs: inferenceMs > 0 ? inferenceMs.toFixed(1) : '–',
    frameMs: frameMs > 0 ? frameMs.toFixed(1) : '–',
    droppedFrames: droppedFrames.toLocaleString('en'),
    backend: backend ? backendNames[backend] : '–',
    renderer: renderer ? nameRenderer(renderer) : '–',
  };
}

function nameRenderer(kind: string): string {
  const names: Record<string, string> = { webgpu: 'WebGPU', webgl2: 'WebGL2', '2d': '2D canvas' };
  return names[kind] ?? kind;
}
