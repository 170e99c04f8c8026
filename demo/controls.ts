import type {
  BackendOption,
  Effect,
  MaskOutput,
  MaskSize,
  VoidSegmenterElement,
} from '../src/index.ts';
import { byId, show } from './page.ts';

/** Attributes that a page author would write; those at their defaults are left out. */
export type Attributes = Readonly<Record<string, string>>;

/** Wires the form to the element. `onChange` gets the attributes now in force, at once and after each change. */
export function wireControls(
  element: VoidSegmenterElement,
  onChange: (attributes: Attributes) => void,
): void {
  const form = byId('controls', HTMLFormElement);
  const webnn = form.querySelector<HTMLOptionElement>('option[value="webnn"]');
  if (webnn) webnn.hidden = !('ml' in navigator);

  const apply = (): void => {
    const data = new FormData(form);
    const value = (name: string): string => data.get(name) as string;
    const effect = value('effect') as Effect;
    const picture = value('background');
    const background = picture === 'colour' ? value('colour') : picture;
    const maskOutput = value('maskOutput') as MaskOutput;
    Object.assign(element, {
      effect,
      background: background.startsWith('dusk')
        ? new URL(background, import.meta.url).href
        : background,
      blurRadius: Number(value('blurRadius')),
      backend: value('backend') as BackendOption,
      model: value('model'),
      maxFps: Number(value('maxFps')),
      maskOutput,
      maskSize: value('maskSize') as MaskSize,
    });
    byId('blur-radius-value', HTMLElement).textContent = value('blurRadius');
    show('[data-for="blur"]', effect === 'blur');
    show('[data-for="replace"]', effect === 'replace');
    show('[data-for-background="colour"]', picture === 'colour');
    show('[data-for-masks]', maskOutput !== 'none');
    onChange(
      withoutDefaults({
        effect,
        background: effect === 'replace' ? background : '',
        'blur-radius': effect === 'blur' ? value('blurRadius') : '',
        backend: value('backend'),
        model: value('model'),
        'max-fps': value('maxFps'),
        'mask-output': maskOutput,
        'mask-size': maskOutput === 'none' ? '' : value('maskSize'),
      }),
    );
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  apply();
}

const defaults: Attributes = {
  effect: 'cutout',
  'blur-radius': '12',
  backend: 'auto',
  model: 'auto',
  'max-fps': '0',
  'mask-output': 'none',
  'mask-size': 'source',
};

function withoutDefaults(attributes: Attributes): Attributes {
  return Object.fromEntries(
    Object.entries(attributes).filter(([name, value]) => value !== '' && value !== defaults[name]),
  );
}
