import { threshold } from './iou.ts';

/** What trembles between two frames. Shares of the picture, 0..1. */
export interface Flicker {
  /** Area where the mask changes at {@link threshold} and the truth does not. */
  readonly hard: number;
  /** Mean change of the mask's value where the truth does not change, times that area. */
  readonly soft: number;
}

/** A mask and its truth, values 0..1. */
export interface TimedMask {
  readonly mask: Float32Array;
  readonly truth: Float32Array;
}

/**
 * Change from one frame to the next that no movement asks for.
 *
 * Definition: of this project; the hard one is the share of pixels with `mask` flipped and `truth` not, after the
 * temporal stability that F. Perazzi et al. (CVPR 2016) ask for, without their contour matching.
 */
export function computeFlicker(before: TimedMask, after: TimedMask): Flicker {
  const { length } = after.mask;
  let flipped = 0;
  let change = 0;
  for (let i = 0; i < length; i++) {
    const truthBefore = (before.truth[i] as number) >= threshold;
    if (truthBefore !== (after.truth[i] as number) >= threshold) continue;
    const valueBefore = before.mask[i] as number;
    const valueAfter = after.mask[i] as number;
    if (valueBefore >= threshold !== valueAfter >= threshold) flipped++;
    change += Math.abs(valueAfter - valueBefore);
  }
  return { hard: flipped / length, soft: change / length };
}
