import type { BackendOption, Effect, MaskOutput, MaskSize } from '../src/index.ts';

/** What the form of the page says. */
export interface Settings {
  readonly effect: Effect;
  /** Pixels of the source. */
  readonly blurRadius: number;
  /** CSS colour or URL. */
  readonly background: string;
  /** 0..1 */
  readonly smoothing: number;
  readonly noRefine: boolean;
  readonly backend: BackendOption;
  readonly maskOutput: MaskOutput;
  readonly maskSize: MaskSize;
  /** 0: the source's own. */
  readonly maxFps: number;
}

/** What the element does when it is told nothing. */
export const defaultSettings: Settings = {
  effect: 'cutout',
  blurRadius: 12,
  background: 'transparent',
  smoothing: 0.7,
  noRefine: false,
  backend: 'auto',
  maskOutput: 'none',
  maskSize: 'source',
  maxFps: 0,
};

/** Reads the form's fields. What the form does not offer is the default. */
export function readSettings(fields: FormData): Settings {
  const text = (name: string, fallback: string): string => {
    const value = fields.get(name);
    return typeof value === 'string' && value !== '' ? value : fallback;
  };
  const { effect, blurRadius, smoothing, backend, maskOutput, maskSize, maxFps } = defaultSettings;
  const background = text('background', 'color');
  return {
    effect: text('effect', effect) as Effect,
    blurRadius: Number(text('blur-radius', String(blurRadius))),
    background: background === 'color' ? text('color', defaultSettings.background) : background,
    smoothing: Number(text('smoothing', String(smoothing))),
    noRefine: text('refine', 'on') === 'off',
    backend: text('backend', backend) as BackendOption,
    maskOutput: text('mask-output', maskOutput) as MaskOutput,
    maskSize: text('mask-size', maskSize) as MaskSize,
    maxFps: Number(text('max-fps', String(maxFps))),
  };
}
