import { transformDistance } from './distance-transform.ts';
import { threshold } from './iou.ts';

/** How far apart two outlines may run and still match, as a share of the picture's diagonal. */
const boundaryTolerance = 0.0075;

/**
 * Harmonic mean of precision and recall of the mask's outline at {@link threshold}, 0..1. A pixel of one outline is
 * matched if the other one passes within {@link boundaryTolerance}. 1 if neither mask has an outline, 0 if one has none.
 *
 * Source: G. Csurka et al., "What is a good evaluation measure for semantic segmentation?", BMVC 2013, as in
 * F. Perazzi et al., "A Benchmark Dataset and Evaluation Methodology for Video Object Segmentation", CVPR 2016, whose
 * outlines these are; distances are exact where theirs are of a dilated disk, and the tolerance is not rounded.
 */
export function computeBoundaryF(
  mask: Float32Array,
  truth: Float32Array,
  width: number,
  height: number,
): number {
  const found = traceBoundary(mask, width, height);
  const wanted = traceBoundary(truth, width, height);
  if (!found.includes(1) || !wanted.includes(1)) {
    return found.includes(1) === wanted.includes(1) ? 1 : 0;
  }
  const tolerance = boundaryTolerance * Math.hypot(width, height);
  const precision = shareWithin(found, transformDistance(wanted, width, height), tolerance);
  const recall = shareWithin(wanted, transformDistance(found, width, height), tolerance);
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

/** Sets the pixels that differ from their neighbour to the east, south or south-east. */
export function traceBoundary(mask: Float32Array, width: number, height: number): Uint8Array {
  const isPerson = (x: number, y: number): boolean =>
    (mask[Math.min(y, height - 1) * width + Math.min(x, width - 1)] as number) >= threshold;
  const boundary = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const here = isPerson(x, y);
      const differs =
        isPerson(x + 1, y) !== here ||
        isPerson(x, y + 1) !== here ||
        isPerson(x + 1, y + 1) !== here;
      boundary[y * width + x] = Number(differs);
    }
  }
  return boundary;
}

function shareWithin(
  boundary: Uint8Array,
  squaredDistances: Float64Array,
  tolerance: number,
): number {
  let all = 0;
  let near = 0;
  for (let i = 0; i < boundary.length; i++) {
    if (!boundary[i]) continue;
    all++;
    if ((squaredDistances[i] as number) <= tolerance ** 2) near++;
  }
  return near / all;
}
