import { defaultSettings, type Settings } from './settings.ts';

/** Where the pictures come from, as far as HTML can say it. */
export type SnippetSource =
  | { readonly kind: 'video'; readonly url: string }
  | { readonly kind: 'image'; readonly url: string }
  | { readonly kind: 'camera' };

const scriptUrl = '/dist/void-segmenter.min.js';
const maxLineLength = 72;

/** Writes the HTML that shows the same, with no attribute that says what is the default anyway. */
export function writeSnippet(source: SnippetSource, settings: Settings): string {
  const attributes = [...sourceAttributes(source), ...settingsAttributes(settings)];
  const oneLine = `<void-segmenter ${attributes.join(' ')}></void-segmenter>`;
  const tag =
    oneLine.length <= maxLineLength
      ? oneLine
      : `<void-segmenter\n${attributes.map((line) => `  ${line}\n`).join('')}></void-segmenter>`;
  return `<script type="module" src="${scriptUrl}"></script>\n\n${tag}\n`;
}

function sourceAttributes(source: SnippetSource): string[] {
  switch (source.kind) {
    case 'video':
      return [write('src', source.url), 'autoplay muted loop'];
    case 'image':
      return [write('src', source.url)];
    case 'camera':
      return ['camera autoplay muted'];
    default:
      return source satisfies never;
  }
}

function settingsAttributes(settings: Settings): string[] {
  const { effect, smoothing, backend, maskOutput, maskSize, maxFps } = settings;
  const candidates: [name: string, value: string | number, usual: string | number][] = [
    ['effect', effect, defaultSettings.effect],
  ];
  // An attribute that has no say in what is shown is left out.
  if (effect === 'blur') {
    candidates.push(['blur-radius', settings.blurRadius, defaultSettings.blurRadius]);
  }
  if (effect === 'replace') {
    candidates.push(['background', settings.background, defaultSettings.background]);
  }
  candidates.push(['smoothing', smoothing, defaultSettings.smoothing]);
  candidates.push(['backend', backend, defaultSettings.backend]);
  candidates.push(['mask-output', maskOutput, defaultSettings.maskOutput]);
  if (maskOutput !== 'none') candidates.push(['mask-size', maskSize, defaultSettings.maskSize]);
  candidates.push(['max-fps', maxFps, defaultSettings.maxFps]);
  const attributes = candidates
    .filter(([, value, usual]) => value !== usual)
    .map(([name, value]) => write(name, value));
  return settings.noRefine ? [...attributes, 'no-refine'] : attributes;
}

function write(name: string, value: string | number): string {
  return `${name}="${escapeAttribute(String(value))}"`;
}

function escapeAttribute(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}
