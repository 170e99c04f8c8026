import type { ModelOutput } from '../../../src/stage.ts';
import type { Answer } from './model-session.ts';

/** What a model says of each pixel, as probabilities. */
export interface ClassMaps {
  /** Size; a width of the whole length and a height of 1 for what is no picture. */
  readonly width: number;
  readonly height: number;
  /** One plane for each class, row-major, 0..1; one alone tells of the second of two classes. */
  readonly planes: readonly Float32Array[];
}

/** How far a model's numbers are from probabilities. */
export type OutputKind = ModelOutput['kind'];

/** Guesses the kind by the numbers themselves: those beyond 0..1 are logits. */
export function guessKind({ data }: Answer): OutputKind {
  // Rounding may go a little past 1.
  return data.every((value) => value >= -0.001 && value <= 1.001) ? 'probability' : 'logits';
}

/** Makes probabilities of an answer, whatever its layout: channels are the shorter of the second and the last axis. */
export function readClassMaps({ dims, data }: Answer, kind: OutputKind): ClassMaps {
  const size = dims.length > 0 && dims[0] === 1 ? dims.slice(1) : dims;
  const [a = 1, b = 1, c = 1] = size;
  if (size.length < 2 || size.length > 3)
    return toMaps(data, { width: data.length, height: 1 }, 1, kind);
  if (size.length === 2) return toMaps(data, { width: b, height: a }, 1, kind);
  if (c <= a) return toMaps(toPlanes(data, a * b, c), { width: b, height: a }, c, kind);
  return toMaps(data, { width: c, height: b }, a, kind);
}

function toPlanes(interleaved: Float32Array, area: number, channels: number): Float32Array {
  if (channels === 1) return interleaved;
  const planes = new Float32Array(interleaved.length);
  for (let i = 0, at = 0; i < area; i++) {
    for (let channel = 0; channel < channels; channel++) {
      planes[channel * area + i] = interleaved[at++] ?? NaN;
    }
  }
  return planes;
}

function toMaps(
  data: Float32Array,
  size: { readonly width: number; readonly height: number },
  channels: number,
  kind: OutputKind,
): ClassMaps {
  const area = data.length / channels;
  const planes = Array.from({ length: channels }, (_, i) => data.slice(i * area, (i + 1) * area));
  if (kind === 'logits') {
    if (planes.length === 1) applySigmoid(planes[0] as Float32Array);
    else applySoftmax(planes, area);
  }
  return { ...size, planes };
}

function applySigmoid(plane: Float32Array): void {
  for (const [i, logit] of plane.entries()) plane[i] = 1 / (1 + Math.exp(-logit));
}

function applySoftmax(planes: readonly Float32Array[], area: number): void {
  for (let i = 0; i < area; i++) {
    const logits = planes.map((plane) => plane[i] ?? NaN);
    const largest = Math.max(...logits);
    const powers = logits.map((logit) => Math.exp(logit - largest));
    const sum = powers.reduce((total, power) => total + power, 0);
    for (const [channel, plane] of planes.entries()) plane[i] = (powers[channel] ?? NaN) / sum;
  }
}

/** Probability of anything but the first class, which is the background. */
export function foregroundOf({
  planes: [first = new Float32Array(), ...others],
}: ClassMaps): Float32Array {
  return others.length === 0 ? first : first.map((background) => 1 - background);
}

/** Index of the likeliest class of a pixel. */
export function likeliest(planes: readonly Float32Array[], pixel: number): number {
  let best = 0;
  for (const [channel, plane] of planes.entries()) {
    if ((plane[pixel] ?? NaN) > (planes[best]?.[pixel] ?? NaN)) best = channel;
  }
  return best;
}
