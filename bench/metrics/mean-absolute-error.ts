/**
 * Mean of |mask - truth| over all pixels, of values 0..1.
 *
 * Source: the saliency benchmarks' MAE; F. Perazzi et al., "Saliency Filters", CVPR 2012.
 */
export function computeMeanAbsoluteError(mask: Float32Array, truth: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < truth.length; i++)
    sum += Math.abs((mask[i] as number) - (truth[i] as number));
  return sum / truth.length;
}
