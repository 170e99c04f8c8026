import type { VoidSegmenterElement } from '../src/index.ts';
import { find, setText } from './dom.ts';
import { readSettings, type Settings } from './settings.ts';

/** The form, for the rest of the page. */
export interface Controls {
  /** Chooses as the visitor would. */
  choose(name: string, value: string): void;
}

/** Has the element follow the form. */
export function connectControls(
  segmenter: VoidSegmenterElement,
  onChange: (settings: Settings) => void,
): Controls {
  const form = find(HTMLFormElement, '#controls');
  find(HTMLElement, '#webnn').hidden = !('ml' in navigator);

  const apply = (): void => {
    const settings = readSettings(new FormData(form));
    showOptions(form, settings);
    Object.assign(segmenter, settings);
    onChange(settings);
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  apply();

  return {
    choose(name, value) {
      const field = form.elements.namedItem(name);
      if (field instanceof RadioNodeList || field instanceof HTMLSelectElement) field.value = value;
      apply();
    },
  };
}

/** Shows the options that the effect has, and makes unusable what has nothing to say. */
function showOptions(
  form: HTMLFormElement,
  { effect, blurRadius, smoothing, maskOutput }: Settings,
): void {
  for (const option of form.querySelectorAll<HTMLElement>('[data-effect]')) {
    option.hidden = option.dataset['effect'] !== effect;
  }
  setText(find(HTMLOutputElement, '#blur-radius-value', form), `${blurRadius} px`);
  setText(find(HTMLOutputElement, '#smoothing-value', form), smoothing.toFixed(1));
  const background = find(HTMLSelectElement, '#background', form);
  find(HTMLInputElement, '[name=color]', form).hidden = background.value !== 'color';
  find(HTMLSelectElement, '#mask-size', form).disabled = maskOutput === 'none';
}
