/** Frames that each way is tried on. The first ones pay for pipelines and textures. */
const trials = 5;
const unpaidTrials = 2;

/** Which of several ways is the fastest, found out by trying each in turn. Takes times, knows no clock. */
export class UploadChoice {
  #ways: readonly string[];
  #known: string | undefined;
  readonly #times = new Map<string, number[]>();

  /**
   * @param ways - At least one; in order of preference, should times be equal.
   * @param known - The one of them that was the fastest before: nothing is tried unless it is excluded.
   */
  constructor(ways: readonly string[], known?: string) {
    this.#ways = ways;
    this.#known = known;
  }

  /** The way to take next. */
  get next(): string {
    if (this.#known !== undefined) return this.#known;
    const counts = this.#ways.map((way) => this.#timesOf(way).length);
    const bests = this.#ways.map((way) => bestOf(this.#timesOf(way)));
    const index = this.isDecided
      ? bests.indexOf(Math.min(...bests))
      : counts.indexOf(Math.min(...counts));
    return this.#ways[index] as string;
  }

  /** Whether there is nothing left to try. */
  get isDecided(): boolean {
    if (this.#known !== undefined || this.#ways.length === 1) return true;
    return this.#ways.every((way) => this.#timesOf(way).length >= trials);
  }

  /** The way that `next` named took this long. */
  record(way: string, durationMs: number): void {
    this.#times.set(way, [...this.#timesOf(way), durationMs]);
  }

  /** Never again. The last way cannot be excluded. */
  exclude(way: string): void {
    if (this.#known === way) this.#known = undefined;
    if (this.#ways.length > 1) this.#ways = this.#ways.filter((candidate) => candidate !== way);
  }

  #timesOf(way: string): readonly number[] {
    return this.#times.get(way) ?? [];
  }
}

/** What is slower than this was disturbed: by another element on the page, as likely as not. */
function bestOf(times: readonly number[]): number {
  return Math.min(...times.slice(unpaidTrials));
}
