import { SegmenterError } from '../errors.ts';
import { backendOptions, type BackendOption } from '../pool/backends.ts';
import type { BuiltInModel } from '../pool/packaging-types.ts';
import type { PowerPreference, WorkersOption } from '../protocol/messages.ts';
import type { Effect, MaskFormat } from '../stage.ts';

/** What `mask-output` takes. */
export type MaskOutput = 'none' | MaskFormat;
/** What `mask-size` takes. */
export type MaskSize = 'source' | 'model';
/** What `preload` takes. */
export type Preload = 'none' | 'model';
/** What `camera` takes; the empty value means `user`. */
export type CameraOption = '' | 'user' | 'environment';

/** The options that have a closed set of values or a range. */
export interface CheckedOptions {
  backend: BackendOption;
  powerPreference: PowerPreference;
  effect: Effect;
  blurRadius: number;
  maskOutput: MaskOutput;
  maskSize: MaskSize;
  threshold: number;
  smoothing: number;
  maxFps: number;
  workers: WorkersOption;
  preload: Preload;
  camera: CameraOption | null;
}

/** All values there are, or the least and the largest number. */
type Rule = readonly (string | number | null)[] | { readonly min: number; readonly max: number };

const rules: { readonly [K in keyof CheckedOptions]: Rule } = {
  backend: backendOptions,
  powerPreference: ['', 'high-performance', 'low-power'],
  effect: ['none', 'mask', 'cutout', 'blur', 'replace'],
  blurRadius: { min: 0, max: 500 },
  maskOutput: ['none', 'alpha', 'float', 'bitmap', 'categories', 'contour'],
  maskSize: ['source', 'model'],
  threshold: { min: 0, max: 1 },
  smoothing: { min: 0, max: 1 },
  maxFps: { min: 0, max: 1000 },
  workers: ['auto', 1, 2, 3, 4, 5, 6, 7, 8],
  preload: ['none', 'model'],
  camera: [null, '', 'user', 'environment'],
};

/** Names of the checked options. */
export const checkedOptions = Object.keys(rules) as (keyof CheckedOptions)[];

/** Returns what is wrong with a value, or null. */
export function checkOption(name: keyof CheckedOptions, value: unknown): SegmenterError | null {
  const rule = rules[name];
  let allowed: string;
  if ('min' in rule) {
    if (typeof value === 'number' && value >= rule.min && value <= rule.max) return null;
    allowed = `a number from ${rule.min} to ${rule.max}`;
  } else {
    if (rule.includes(value as string)) return null;
    allowed = rule.flatMap((one) => (one ? `"${one}"` : [])).join(', ');
  }
  const attribute = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return new SegmenterError(
    'option-invalid',
    `${attribute}="${String(value)}" is not known. It takes ${allowed}.`,
  );
}

/**
 * Numbers come as text from `workers="2"`, and from frameworks that set a property by what a template says. Returns the number where the
 * option takes it, else the value as it is.
 */
export function readNumber(name: keyof CheckedOptions, value: unknown): unknown {
  const isText = typeof value === 'string' && value.trim() !== '';
  return isText && !checkOption(name, Number(value)) ? Number(value) : value;
}

/** Between the aspect ratios of the two built-in models, 1:1 and 16:9, as far from one as from the other. */
const landscapeFrom = 4 / 3;

/**
 * Which built-in model `auto` means for a source of this size, in pixels; 0x0 while that is not known: most videos are wide. A single picture gets the square one at any shape: it is the
 * better one on photos, and takes its time but once.
 */
export function pickModel(width: number, height: number, isStill: boolean): BuiltInModel {
  return isStill || width / height <= landscapeFrom ? 'selfie' : 'selfie-landscape';
}
