/** A figure that was measured many times. */
export interface Distribution {
  readonly median: number;
  readonly p95: number;
  readonly count: number;
}

/** Nearest-rank quantiles; NaN of nothing. */
export function distribute(values: readonly number[]): Distribution {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = (share: number): number =>
    sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
  return { median: rank(0.5), p95: rank(0.95), count: sorted.length };
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
