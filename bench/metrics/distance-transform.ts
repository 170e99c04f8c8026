/** Farther than any distance within a picture, and finite: the difference of two is a number. */
const far = 1e12;

/**
 * Squared Euclidean distance of every pixel to the nearest set one, in pixels, row-major; 1e12 where none is set.
 *
 * Source: P. Felzenszwalb, D. Huttenlocher, "Distance Transforms of Sampled Functions", Theory of Computing 8, 2012.
 */
export function transformDistance(isSet: Uint8Array, width: number, height: number): Float64Array {
  const distances = Float64Array.from(isSet, (value) => (value ? 0 : far));
  const longest = Math.max(width, height);
  const line = new LineTransform(longest);
  for (let x = 0; x < width; x++) line.apply(distances, x, width, height);
  for (let y = 0; y < height; y++) line.apply(distances, y * width, 1, width);
  return distances;
}

/** One dimension: the lower envelope of the parabolas that stand on the samples. */
class LineTransform {
  readonly #samples: Float64Array;
  /** Where the envelope's parabolas stand. */
  readonly #feet: Int32Array;
  /** From where on each of them is the lowest. */
  readonly #starts: Float64Array;

  constructor(longest: number) {
    this.#samples = new Float64Array(longest);
    this.#feet = new Int32Array(longest);
    this.#starts = new Float64Array(longest + 1);
  }

  apply(values: Float64Array, offset: number, stride: number, count: number): void {
    const samples = this.#samples;
    const feet = this.#feet;
    const starts = this.#starts;
    for (let i = 0; i < count; i++) samples[i] = values[offset + i * stride] as number;
    let last = 0;
    feet[0] = 0;
    starts[0] = -Infinity;
    starts[1] = Infinity;
    for (let i = 1; i < count; i++) {
      let start = this.#intersect(feet[last] as number, i);
      while (start <= (starts[last] as number)) start = this.#intersect(feet[--last] as number, i);
      last++;
      feet[last] = i;
      starts[last] = start;
      starts[last + 1] = Infinity;
    }
    last = 0;
    for (let i = 0; i < count; i++) {
      while ((starts[last + 1] as number) < i) last++;
      const foot = feet[last] as number;
      values[offset + i * stride] = Math.min(far, (i - foot) ** 2 + (samples[foot] as number));
    }
  }

  /** Where the parabolas on two samples cross. */
  #intersect(a: number, b: number): number {
    const height = (i: number): number => (this.#samples[i] as number) + i * i;
    return (height(b) - height(a)) / (2 * (b - a));
  }
}
