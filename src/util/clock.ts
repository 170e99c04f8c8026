/** Milliseconds by a clock that page and workers share, unlike `performance.now()`. */
export function sharedNowMs(): number {
  return performance.timeOrigin + performance.now();
}
