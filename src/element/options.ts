import { SegmenterError } from '../errors.ts';
import type { BackendOption } from '../pool/backends.ts';
import type { BuiltInModel } from '../pool/packaging-types.ts';
import { mostWorkers } from '../pool/backends.ts';
import type { WorkersOption } from '../protocol/messages.ts';
import type { Effect, MaskFormat } from '../stage.ts';

/** What `mask-output` takes. */
export type MaskOutput = 'none' | MaskFormat;
/** What `mask-size` takes. */
export type MaskSize = 'source' | 'model';
/** What `preload` takes. */
export type Preload = 'none' | 'model';
/** What `camera` takes; the empty value means `user`. */
export type CameraOption = '' | 'user' | 'environment';
/** What `power-preference` takes; empty: the browser's choice. */
export type PowerPreference = '' | GPUPowerPreference;

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

type Rule =
  | { readonly attribute: string; readonly values: readonly unknown[] }
  | { readonly attribute: string; readonly min: number; readonly max: number };

const rules: { readonly [K in keyof CheckedOptions]: Rule } = {
  backend: { attribute: 'backend', values: ['auto', 'webgpu', 'webnn', 'wasm'] },
  powerPreference: {
    attribute: 'power-preference',
    values: ['', 'high-performance', 'low-power'],
  },
  effect: { attribute: 'effect', values: ['none', 'mask', 'cutout', 'blur', 'replace'] },
  blurRadius: { attribute: 'blur-radius', min: 0, max: 500 },
  maskOutput: {
    attribute: 'mask-output',
    values: ['none', 'alpha', 'float', 'bitmap', 'categories', 'contour'],
  },
  maskSize: { attribute: 'mask-size', values: ['source', 'model'] },
  threshold: { attribute: 'threshold', min: 0, max: 1 },
  smoothing: { attribute: 'smoothing', min: 0, max: 1 },
  maxFps: { attribute: 'max-fps', min: 0, max: 1000 },
  workers: { attribute: 'workers', values: ['auto', ...upTo(mostWorkers)] },
  preload: { attribute: 'preload', values: ['none', 'model'] },
  camera: { attribute: 'camera', values: [null, '', 'user', 'environment'] },
};

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, i) => i + 1);
}

/** Names of the checked options. */
export const checkedOptions = Object.keys(rules) as (keyof CheckedOptions)[];

/** Returns what is wrong with a value, or null. */
export function checkOption(name: keyof CheckedOptions, value: unknown): SegmenterError | null {
  const rule = rules[name];
  if ('values' in rule) {
    if (rule.values.includes(value)) return null;
    const list = rule.values.filter((allowed) => allowed !== null && allowed !== '');
    return invalid(
      rule.attribute,
      value,
      `It takes ${list.map((v) => `"${String(v)}"`).join(', ')}.`,
    );
  }
  if (typeof value === 'number' && value >= rule.min && value <= rule.max) return null;
  return invalid(rule.attribute, value, `It takes a number from ${rule.min} to ${rule.max}.`);
}

function invalid(attribute: string, value: unknown, help: string): SegmenterError {
  return new SegmenterError(
    'option-invalid',
    `${attribute}="${String(value)}" is not known. ${help}`,
  );
}

/** Reads `workers`; what is no number is left for {@link checkOption} to complain about. */
export function parseWorkers(value: string | null): WorkersOption {
  return value === null ? 'auto' : ((Number(value) || value) as WorkersOption);
}

/** Between the aspect ratios of the two built-in models, 1:1 and 16:9, as far from one as from the other. */
const landscapeFrom = 4 / 3;

/**
 * Which built-in model `auto` means for a source of this size, in pixels. A single picture gets the square one at any shape: it is the
 * better one on photos, and takes its time but once.
 */
export function pickModel(width: number, height: number, isStill: boolean): BuiltInModel {
  if (isStill) return 'selfie';
  return width / height > landscapeFrom ? 'selfie-landscape' : 'selfie';
}
