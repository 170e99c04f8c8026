/** Counts permits; whoever waits gets one in the order of asking. */
export class Semaphore {
  #permits: number;
  /** Negative while more are taken than there are. */
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(permits: number) {
    this.#permits = permits;
    this.#free = permits;
  }

  /** How many there are, taken or not. */
  get permits(): number {
    return this.#permits;
  }

  /** Changes how many there are. None is taken away: there are fewer once they come back. */
  resize(permits: number): void {
    this.#free += permits - this.#permits;
    this.#permits = permits;
    this.#serve();
  }

  /** Takes a permit if one is free and nobody waits. */
  tryAcquire(): boolean {
    if (this.#free <= 0) return false;
    this.#free--;
    return true;
  }

  acquire(): Promise<void> {
    if (this.tryAcquire()) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  release(): void {
    this.#free++;
    this.#serve();
  }

  #serve(): void {
    while (this.#free > 0) {
      const next = this.#waiting.shift();
      if (!next) return;
      this.#free--;
      next();
    }
  }
}
