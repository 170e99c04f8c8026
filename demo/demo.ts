/** The demo page: one module per part, put together here. */
import { VoidSegmenterElement } from '../src/index.ts';
import { connectAround } from './around.ts';
import { connectBehind } from './behind.ts';
import { connectCopyButton } from './copy-button.ts';
import { connectControls } from './controls.ts';
import { find } from './dom.ts';
import { connectEventLog } from './event-log.ts';
import { connectFailures } from './failures.ts';
import { highlightHtml } from './highlight.ts';
import { keepInView } from './keep-in-view.ts';
import { connectMaskPreview } from './mask-preview.ts';
import { connectNumbers } from './numbers.ts';
import { defaultSettings, type Settings } from './settings.ts';
import { writeSnippet, type SnippetSource } from './snippet.ts';
import { connectPick } from './pick.ts';
import { connectSources, clipUrl } from './sources.ts';
import { connectStatus } from './status.ts';
import { connectStill } from './still.ts';
import { connectTransport } from './transport.ts';

const segmenter = find(VoidSegmenterElement, '#segmenter');
const wantsStillness = matchMedia('(prefers-reduced-motion: reduce)').matches;
if (wantsStillness) segmenter.autoplay = false;

let source: SnippetSource = { kind: 'video', url: clipUrl };
let settings: Settings = defaultSettings;
let snippet = '';

function showSnippet(): void {
  snippet = writeSnippet(source, settings);
  find(HTMLElement, '#snippet').replaceChildren(highlightHtml(snippet));
}

const announce = connectStatus(segmenter);
connectEventLog(segmenter);
connectNumbers(segmenter);
const controls = connectControls(segmenter, (newSettings) => {
  settings = newSettings;
  showSnippet();
});
connectMaskPreview(segmenter, () => controls.choose('mask-output', 'alpha'));
const sources = connectSources(segmenter, (newSource) => {
  source = newSource;
  showSnippet();
});
connectFailures(segmenter, {
  'use-clip': () => sources.useClip(),
  'use-any-backend': () => controls.choose('backend', 'auto'),
  'try-again': () => void segmenter.play().catch(() => {}),
  reload: () => location.reload(),
});
connectTransport(segmenter, announce);
connectCopyButton(find(HTMLButtonElement, '#copy'), () => snippet, announce);
keepInView(segmenter, {
  parts: [find(HTMLElement, '.hero'), find(HTMLElement, '.code-grid')],
});
connectBehind(!wantsStillness);
connectAround(!wantsStillness);
connectStill(segmenter);
connectPick();
showSnippet();
