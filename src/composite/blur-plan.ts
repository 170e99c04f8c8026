/** At which size to blur, and with which kernel, so that the cost does not grow with the radius. */
export interface BlurPlan {
  /** Size of the shrunken background, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Standard deviation left to do at that size, in its pixels: below {@link maxSigmaPx}. */
  readonly sigmaPx: number;
}

/** From here on the picture is shrunk by another factor of two: 25 samples a pixel and direction at most. */
export const maxSigmaPx = 4;

/**
 * @param width - Of the frame, in pixels, as is `height`.
 * @param radiusPx - Standard deviation wanted, in pixels of the frame.
 * @param maxSigma - From which standard deviation on, in shrunken pixels, to shrink by another factor of two.
 * @param minFactor - By which to shrink at least.
 */
export function planBlur(
  width: number,
  height: number,
  radiusPx: number,
  maxSigma = maxSigmaPx,
  minFactor = 1,
): BlurPlan {
  const needed = 2 ** Math.max(0, Math.floor(Math.log2((2 * radiusPx) / maxSigma)));
  const factor = Math.max(needed, minFactor);
  // Shrinking by a box and growing by linear interpolation blur as well: variances 1/12 and 1/6, in shrunken pixels.
  const varianceDone = factor === 1 ? 0 : 1 / 4;
  return {
    width: Math.max(1, Math.ceil(width / factor)),
    height: Math.max(1, Math.ceil(height / factor)),
    sigmaPx: Math.sqrt(Math.max(0, (radiusPx / factor) ** 2 - varianceDone)),
  };
}

/** Weights of a Gaussian by distance from 0 on, cut at three standard deviations; both sides together add up to 1. */
export function gaussianWeights(sigmaPx: number): number[] {
  const radius = Math.ceil(3 * sigmaPx);
  const weights = Array.from({ length: radius + 1 }, (_, distance) =>
    distance === 0 ? 1 : Math.exp(-(distance ** 2) / (2 * sigmaPx ** 2)),
  );
  const total = weights.reduce((sum, weight) => sum + 2 * weight, -1);
  return weights.map((weight) => weight / total);
}
