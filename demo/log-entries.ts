/** One line of the event log. */
export interface LogEntry {
  readonly name: string;
  readonly detail: string;
  /** `performance.now()` when it was last seen. */
  readonly atMs: number;
  /** How often it was seen in a row. */
  readonly count: number;
}

/** The last events, newest first. The same event twice in a row is one entry that counts. */
export class LogEntries {
  readonly #limit: number;
  #entries: readonly LogEntry[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  /** @param mergeKey - Start of the detail that makes two entries the same; default: all of it. */
  add(name: string, detail: string, atMs: number, mergeKey = detail): void {
    const [newest, ...rest] = this.#entries;
    const isSame = newest?.name === name && newest.detail.startsWith(mergeKey);
    const count = isSame ? newest.count + 1 : 1;
    const others = isSame ? rest : this.#entries;
    this.#entries = [{ name, detail, atMs, count }, ...others].slice(0, this.#limit);
  }

  clear(): void {
    this.#entries = [];
  }
}
