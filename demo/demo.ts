/** The demo page: one element, everything that can be said to it, and everything that it says. */
import { VoidSegmenterElement, type SegmenterError } from '../src/index.ts';
import { wireControls, type Attributes } from './controls.ts';
import { logEvents } from './event-log.ts';
import { showNumbers } from './live-numbers.ts';
import { previewMasks } from './mask-preview.ts';
import { byId } from './page.ts';
import { writeSnippet } from './snippet.ts';
import { clipUrl, wireSources, type DemoSource } from './sources.ts';
import { wireStill } from './still.ts';

const segmenter = byId('segmenter', VoidSegmenterElement);
const html = byId('html', HTMLElement);
let source: DemoSource = 'clip';
let attributes: Attributes = {};

function updateSnippet(): void {
  const src = source === 'clip' ? clipUrl.split('/').at(-1) : undefined;
  html.textContent = writeSnippet({ src, camera: source === 'camera', attributes });
}

logEvents(segmenter, byId('log', HTMLOListElement));
showNumbers(segmenter);
previewMasks(segmenter);
wireStill(segmenter);
wireSources(segmenter, (chosen) => {
  source = chosen;
  notice('');
  updateSnippet();
});
wireControls(segmenter, (chosen) => {
  attributes = chosen;
  updateSnippet();
});

// Progress and errors

const progress = byId('progress', HTMLProgressElement);
segmenter.addEventListener('void-progress', ({ loaded, total }) => {
  if (total > 0) progress.value = loaded / total;
  else progress.removeAttribute('value');
});
segmenter.addEventListener('void-error', ({ error }) => tell(error));
segmenter.addEventListener('void-state-change', ({ state }) => {
  if (state === 'running') notice('');
  toggle.textContent = state === 'running' ? 'Pause' : 'Play';
});

function tell(error: SegmenterError): void {
  if (error.fatal) byId('failure', HTMLElement).textContent = error.message;
  notice(error.message);
}

function notice(text: string): void {
  byId('notice', HTMLElement).textContent = text;
}

// Buttons

const toggle = byId('toggle', HTMLButtonElement);
toggle.addEventListener('click', () => {
  if (segmenter.state === 'running') segmenter.pause();
  else segmenter.play().catch(() => {});
});
byId('save', HTMLButtonElement).addEventListener('click', () => {
  segmenter.toBlob().then(save, () => {});
});
byId('copy', HTMLButtonElement).addEventListener('click', () => {
  const text = html.textContent;
  navigator.clipboard.writeText(text).then(
    () => notice('Copied.'),
    () => notice('The browser did not allow copying. Select the text instead.'),
  );
});

function save(blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = 'cut-out.png';
  link.click();
  URL.revokeObjectURL(link.href);
}

// Two elements at once are much for a small CPU: each runs while it is in view.

const behind = byId('behind', VoidSegmenterElement);
const inView = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!(target instanceof VoidSegmenterElement)) continue;
      if (!isIntersecting) {
        target.pause();
        continue;
      }
      if (target.dataset['src']) target.src = target.dataset['src'];
      target.play().catch(() => {});
    }
  },
  { threshold: 0.25 },
);
inView.observe(behind);
inView.observe(segmenter);
