/** How the page thread fared while something ran. */
export interface PageThreadReport {
  /** How late a timer of 10 ms came, each time, in milliseconds. */
  readonly latenessMs: readonly number[];
  /** Tasks over 50 ms (W3C Long Tasks), together, in milliseconds. */
  readonly longTasksMs: number;
}

const beatMs = 10;

/** Watches the page thread: it is busy while a timer comes late. */
export class PageThreadWatch {
  readonly #latenessMs: number[] = [];
  readonly #observer: PerformanceObserver;
  readonly #timer: ReturnType<typeof setInterval>;
  #longTasksMs = 0;

  constructor() {
    this.#observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) this.#longTasksMs += duration;
    });
    this.#observer.observe({ type: 'longtask' });
    let dueAtMs = performance.now() + beatMs;
    this.#timer = setInterval(() => {
      const nowMs = performance.now();
      this.#latenessMs.push(Math.max(0, nowMs - dueAtMs));
      dueAtMs = nowMs + beatMs;
    }, beatMs);
  }

  stop(): PageThreadReport {
    clearInterval(this.#timer);
    this.#observer.disconnect();
    return { latenessMs: this.#latenessMs, longTasksMs: this.#longTasksMs };
  }
}
