/** One answer of the test server; see tools/faulty-server.mjs. */
export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | number | null>>;
  readonly body?: string;
  readonly gzip?: boolean;
  readonly noRanges?: boolean;
  readonly holdAfter?: number;
  readonly refuse?: boolean;
}

/** A request as the test server saw it. Empty: without the header. */
export interface SeenRequest {
  readonly path: string;
  readonly range: string;
  readonly ifRange: string;
  readonly ifNoneMatch: string;
  /** 0: refused. */
  readonly status: number;
}

/** A corner of the test server, with files of its own URLs: no cache knows them. */
export class FaultyServer {
  readonly #url = new URL(`/faulty/${crypto.randomUUID()}`, location.href).href;

  /** URL of a file of this repository. */
  urlOf(path: string): string {
    return `${this.#url}/${path}`;
  }

  /** How the next requests of a file are answered; the last answer stays. */
  async answer(path: string, ...answers: readonly Answer[]): Promise<void> {
    await fetch(this.#url, { method: 'PUT', body: JSON.stringify({ [path]: answers }) });
  }

  /** Breaks the connections of answers that are held. */
  async breakConnections(): Promise<void> {
    await fetch(this.#url, { method: 'DELETE' });
  }

  /** Which requests of a file came. */
  async requests(path: string): Promise<SeenRequest[]> {
    const all = (await (await fetch(this.#url)).json()) as SeenRequest[];
    return all.filter((request) => request.path === path);
  }
}
