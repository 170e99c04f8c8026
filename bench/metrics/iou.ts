/** From this probability on a pixel counts as a person. */
export const threshold = 0.5;

/**
 * Intersection over union of two masks, the Jaccard index, of values 0..1 at {@link threshold}. 1 if both are empty.
 *
 * Source: M. Everingham et al., "The PASCAL Visual Object Classes Challenge: A Retrospective", IJCV 111, 2015.
 */
export function computeIou(mask: Float32Array, truth: Float32Array): number {
  let intersection = 0;
  let union = 0;
  for (let i = 0; i < truth.length; i++) {
    const inMask = (mask[i] as number) >= threshold;
    const inTruth = (truth[i] as number) >= threshold;
    if (inMask && inTruth) intersection++;
    if (inMask || inTruth) union++;
  }
  return union === 0 ? 1 : intersection / union;
}
