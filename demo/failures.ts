import type { VoidSegmenterElement } from '../src/index.ts';
import { find, setText } from './dom.ts';
import { findWayOut, type Action } from './way-out.ts';

/** Shows errors to a person: what stopped the element on the stage, which it reads out itself, the rest as a notice. */
export function connectFailures(
  segmenter: VoidSegmenterElement,
  actions: Readonly<Record<Action, () => void>>,
): void {
  const button = find(HTMLButtonElement, '#way-out');
  const notice = find(HTMLElement, '#notice');
  const alert = find(HTMLElement, '#alert');
  let action: Action = 'reload';

  segmenter.addEventListener('void-error', ({ error }) => {
    if (segmenter.state !== 'failed') {
      alert.textContent = error.message;
      setText(find(HTMLElement, '#notice-text'), error.message);
      notice.hidden = false;
      return;
    }
    const wayOut = findWayOut(error.code);
    action = wayOut.action;
    setText(find(HTMLElement, '#failure-code'), error.code);
    setText(find(HTMLElement, '#failure-message'), error.message);
    setText(find(HTMLElement, '#failure-hint'), wayOut.hint);
    setText(button, wayOut.label);
  });
  segmenter.addEventListener('void-state-change', ({ state }) => {
    if (state === 'running') notice.hidden = true;
  });
  button.addEventListener('click', () => {
    // This button is about to vanish: the keyboard goes on among the sources.
    find(HTMLButtonElement, '#sources [aria-pressed=true]').focus();
    actions[action]();
  });
  find(HTMLButtonElement, '#notice-close').addEventListener('click', () => {
    notice.hidden = true;
    find(HTMLButtonElement, '#play').focus();
  });
}
