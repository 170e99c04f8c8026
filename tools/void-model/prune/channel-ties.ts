/** Channels by number, and which of them can only be removed together or not at all. */
export class ChannelTies {
  /** For each channel another one of its tie, or itself. */
  readonly #parents: number[] = [];
  readonly #isKept: boolean[] = [];

  /** Numbers of channels that nothing ties yet. */
  create(count: number): number[] {
    return Array.from({ length: count }, () => {
      this.#isKept.push(false);
      return this.#parents.push(this.#parents.length) - 1;
    });
  }

  /** The one that stands for all that are tied to this one. */
  find(channel: number): number {
    let found = channel;
    for (let next = this.#parents[found]; next !== undefined && next !== found;) {
      found = next;
      next = this.#parents[found];
    }
    this.#parents[channel] = found;
    return found;
  }

  /** Ties channels pairwise; both lists are of one length. */
  tie(some: readonly number[], others: readonly number[]): void {
    for (const [i, channel] of some.entries()) {
      const [a, b] = [this.find(channel), this.find(others[i] ?? channel)];
      this.#isKept[a] ||= this.#isKept[b] ?? false;
      this.#parents[b] = a;
    }
  }

  /** Says that these are never removed. */
  keep(channels: readonly number[]): void {
    for (const channel of channels) this.#isKept[this.find(channel)] = true;
  }

  isKept(channel: number): boolean {
    return this.#isKept[this.find(channel)] ?? false;
  }
}
