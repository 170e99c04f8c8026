import { toWireError } from '../errors.ts';
import type { Message } from './channel.ts';
import type { RequestMap } from './messages.ts';

/** An answer with a list of what to transfer along with it. */
export class Transfer<T> {
  readonly value: T;
  readonly transfer: Transferable[];

  constructor(value: T, transfer: Transferable[]) {
    this.value = value;
    this.transfer = transfer;
  }
}

/** Answers the requests of a {@link RequestMap}. `signal` aborts when the other side cancels. */
export type RequestHandlers<M extends RequestMap> = {
  readonly [T in keyof M]: (
    params: M[T]['params'],
    signal: AbortSignal,
  ) => Promise<M[T]['result'] | Transfer<M[T]['result']>>;
};

/** The half of a channel that answers; ends that only ask do without. */
export class RequestServer<M extends RequestMap> {
  readonly #handlers: RequestHandlers<M>;
  readonly #running = new Map<number, AbortController>();
  #isClosed = false;

  constructor(handlers: RequestHandlers<M>) {
    this.#handlers = handlers;
  }

  async answer(
    id: number,
    type: keyof M & string,
    params: unknown,
    post: (message: Message, transfer?: Transferable[]) => void,
  ): Promise<void> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      const answer = await this.#handlers[type](params, controller.signal);
      if (this.#isClosed) return;
      if (answer instanceof Transfer) {
        post({ kind: 'result', id, result: answer.value }, answer.transfer);
      } else {
        post({ kind: 'result', id, result: answer });
      }
    } catch (error) {
      if (!this.#isClosed) post({ kind: 'error', id, error: toWireError(error) });
    } finally {
      this.#running.delete(id);
    }
  }

  cancel(id: number): void {
    this.#running.get(id)?.abort();
  }

  /** Aborts what is running. Nothing is answered any more. */
  close(): void {
    this.#isClosed = true;
    for (const controller of this.#running.values()) controller.abort();
    this.#running.clear();
  }
}
