import { threshold } from './iou.ts';

/** Share of a picture without people that the mask takes for a person, 0..1. */
export function computeFalsePositiveArea(mask: Float32Array): number {
  let count = 0;
  for (const value of mask) if (value >= threshold) count++;
  return count / mask.length;
}
