/** Share of the model's own time that refinement may take where the CPU does both. */
const mostOfInference = 0.25;
/** Frames that it is measured on, after as many that the engine needs to compile the loops. */
const trials = 10;

/** Whether refining masks on the CPU is worth its time on this device. Takes times, knows no clock. */
export class RefineBudget {
  readonly #budgetMs: number;
  #count = 0;
  #fastestMs = Infinity;

  /** @param inferenceMs - Of one run of the model. */
  constructor(inferenceMs: number) {
    this.#budgetMs = mostOfInference * inferenceMs;
  }

  /** What is slower than the fastest trial was disturbed. */
  get isOver(): boolean {
    return this.#count >= 2 * trials && this.#fastestMs > this.#budgetMs;
  }

  /** A mask took this long to be refined. */
  record(durationMs: number): void {
    if (++this.#count > trials) this.#fastestMs = Math.min(this.#fastestMs, durationMs);
  }
}
