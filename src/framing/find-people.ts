import type { Region } from '../util/region.ts';
import { leastPeople, leastProbability } from './follow-people.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * The smallest rectangle around all people in a mask, as shares of the frame; null: there is nobody.
 *
 * @param mask - `[height, width] float32`, row-major, probability of people, 0..1.
 * @param region - The part of the frame under the mask.
 */
export function findPeople(
  mask: Float32Array,
  { width, height }: Size,
  region: Region,
): Region | null {
  let count = 0;
  let left = width;
  let right = 0;
  let top = height;
  let bottom = 0;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if ((mask[i] as number) < leastProbability) continue;
      count++;
      if (x < left) left = x;
      if (x >= right) right = x + 1;
      if (y < top) top = y;
      bottom = y + 1;
    }
  }
  if (count < leastPeople * mask.length) return null;
  return {
    x: region.x + (left / width) * region.width,
    y: region.y + (top / height) * region.height,
    width: ((right - left) / width) * region.width,
    height: ((bottom - top) / height) * region.height,
  };
}

/** The smallest rectangle around both. */
export function uniteRegions(one: Region | null, other: Region | null): Region | null {
  if (!one || !other) return one ?? other;
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  return {
    x,
    y,
    width: Math.max(one.x + one.width, other.x + other.width) - x,
    height: Math.max(one.y + one.height, other.y + other.height) - y,
  };
}
