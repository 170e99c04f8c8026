/** How often which kind of input ended how. */
export class Tally {
  readonly #counts = new Map<string, Map<string, number>>();

  add(kind: string, end: string, count = 1): void {
    const ends = this.#counts.get(kind) ?? new Map<string, number>();
    ends.set(end, (ends.get(end) ?? 0) + count);
    this.#counts.set(kind, ends);
  }

  get total(): number {
    return this.entries().reduce((sum, [, , count]) => sum + count, 0);
  }

  entries(): (readonly [kind: string, end: string, count: number])[] {
    return [...this.#counts].flatMap(([kind, ends]) =>
      [...ends].map(([end, count]) => [kind, end, count] as const),
    );
  }

  /** A line for each kind. */
  format(): string {
    return [...this.#counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, ends]) => {
        const parts = [...ends]
          .sort(([, a], [, b]) => b - a)
          .map(([end, count]) => `${count} ${end}`);
        const total = [...ends.values()].reduce((sum, count) => sum + count, 0);
        return `${String(total).padStart(7)}  ${kind}: ${parts.join(', ')}`;
      })
      .join('\n');
  }
}

/** A case that did not end as it should. */
export interface Failure {
  /** By which it can be made again. */
  readonly index: number;
  readonly kind: string;
  readonly what: string;
}

/** What came of many cases. */
export interface Result {
  readonly tally: Tally;
  readonly failures: readonly Failure[];
}
