import { VoidSegmenterElement } from '../src/index.ts';
import { find, setText } from './dom.ts';
import { highlightHtml } from './highlight.ts';
import { keepInView } from './keep-in-view.ts';
import { connectPlayButton } from './play-button.ts';

/** The section with a word behind a person; its model is loaded when it comes into view. */
export function connectBehind(autoplay: boolean): void {
  const segmenter = find(VoidSegmenterElement, '#behind-segmenter');
  const input = find(HTMLInputElement, '#word-input');
  const showWord = (): void => show(input.value.trim() || 'void');

  segmenter.autoplay = autoplay;
  keepInView(segmenter, {
    threshold: 0.3,
    onFirstView: () => {
      segmenter.src = segmenter.dataset['src'] ?? '';
    },
  });
  connectPlayButton(find(HTMLButtonElement, '#behind-play'), segmenter);
  input.addEventListener('input', showWord);
  find(HTMLFormElement, '#word-form').addEventListener('submit', (event) => event.preventDefault());
  // Before the element has drawn its slots, the word has no font.
  void segmenter.updateComplete.then(showWord);
}

function show(text: string): void {
  const word = find(HTMLElement, '#word');
  setText(word, text);
  word.style.setProperty('--em', String(measureEm(text, word)));
  const snippet = `<void-segmenter src="clip.webm" autoplay muted loop>
  <h1 slot="behind">${escapeText(text)}</h1>
</void-segmenter>`;
  find(HTMLElement, '#behind-snippet').replaceChildren(highlightHtml(snippet));
}

/** Width of a text in its element's font, in units of the font size. */
function measureEm(text: string, element: HTMLElement): number {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return text.length;
  const { fontWeight, fontFamily } = getComputedStyle(element);
  context.font = `${fontWeight} 100px ${fontFamily}`;
  context.letterSpacing = '-4.5px';
  return Math.max(1, context.measureText(text).width / 100);
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
