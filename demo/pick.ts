import { VoidSegmenterElement } from '../src/index.ts';
import { find, setText } from './dom.ts';
import { keepInView } from './keep-in-view.ts';

/** Of dunes.svg, in pixels. */
const pictureSize = { width: 1200, height: 900 };

/** Where to pick, in hundredths of width and height; by these a keyboard does what a click does. */
export interface PickSliders {
  readonly across: HTMLInputElement;
  readonly down: HTMLInputElement;
}

/** The section where a click says what is cut out; its model is loaded when it comes into view. */
export function connectPick(): void {
  const segmenter = find(VoidSegmenterElement, '#pick-segmenter');
  const across = find(HTMLInputElement, '#pick-across');
  const down = find(HTMLInputElement, '#pick-down');
  pickByPoint(segmenter, { across, down }, pictureSize);
  segmenter.addEventListener('void-error', ({ error }) =>
    setText(find(HTMLElement, '#pick-facts'), error.message),
  );
  keepInView(segmenter, {
    onFirstView: () => {
      segmenter.model = segmenter.dataset['model'] ?? '';
      segmenter.src = segmenter.dataset['src'] ?? '';
    },
  });
}

/**
 * Selects what is where a picture was clicked, or where the sliders are.
 *
 * @param size - Of the picture, in pixels. The element has its shape.
 */
export function pickByPoint(
  segmenter: VoidSegmenterElement,
  { across, down }: PickSliders,
  size: { readonly width: number; readonly height: number },
): void {
  const pick = (): void => {
    const [x, y] = [across.valueAsNumber / 100, down.valueAsNumber / 100];
    segmenter.prompts = [{ x: x * size.width, y: y * size.height }];
  };
  across.addEventListener('input', pick);
  down.addEventListener('input', pick);
  segmenter.addEventListener('click', ({ clientX, clientY }) => {
    const { left, top, width, height } = segmenter.getBoundingClientRect();
    across.valueAsNumber = (100 * (clientX - left)) / width;
    down.valueAsNumber = (100 * (clientY - top)) / height;
    pick();
  });
}
