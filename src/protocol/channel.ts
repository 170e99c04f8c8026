import {
  abortError,
  fromWireError,
  isAbortError,
  SegmenterError,
  type WireError,
} from '../errors.ts';
import type { NoticeMap, RequestMap } from './messages.ts';
import type { RequestServer } from './request-server.ts';

/** What a channel speaks through: a Worker, a worker's own scope, or a MessagePort. */
export interface Endpoint {
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  removeEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  /** MessagePorts wait for this. */
  start?(): void;
}

/** What goes through an endpoint. */
export type Message =
  | {
      readonly kind: 'request';
      readonly id: number;
      readonly type: string;
      readonly params: unknown;
    }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: WireError }
  | { readonly kind: 'notice'; readonly type: string; readonly params: unknown };

/** Receives the notices of a {@link NoticeMap}. */
export type NoticeHandlers<M extends NoticeMap> = {
  readonly [T in keyof M]: (params: M[T]) => void;
};

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (reason: Error) => void;
  readonly stopListening: () => void;
}

/**
 * One end of a typed conversation. `OutReq`/`OutNote` are what this end says, `InReq`/`InNote` what it hears.
 * Both ends are made of this class; `messages.ts` says who says what.
 */
export class Channel<
  OutReq extends RequestMap,
  OutNote extends NoticeMap,
  InReq extends RequestMap,
  InNote extends NoticeMap,
> {
  readonly #endpoint: Endpoint;
  readonly #server: RequestServer<InReq> | null;
  readonly #noticeHandlers: NoticeHandlers<InNote>;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #closed: Error | undefined;

  /** @param server - Answers requests; null: there are none. */
  constructor(
    endpoint: Endpoint,
    server: RequestServer<InReq> | null,
    noticeHandlers: NoticeHandlers<InNote>,
  ) {
    this.#endpoint = endpoint;
    this.#server = server;
    this.#noticeHandlers = noticeHandlers;
    endpoint.addEventListener('message', this.#onMessage);
    endpoint.start?.();
  }

  /**
   * Asks and waits. Rejects with the other side's error, with `AbortError` once `signal` aborts (the other side
   * is told), or with the reason of {@link close}.
   */
  request<T extends keyof OutReq & string>(
    type: T,
    params: OutReq[T]['params'],
    { transfer = [], signal }: { transfer?: Transferable[]; signal?: AbortSignal | undefined } = {},
  ): Promise<OutReq[T]['result']> {
    return new Promise((resolve, reject: (reason: Error) => void) => {
      if (this.#closed) return reject(this.#closed);
      if (signal?.aborted) return reject(abortReason(signal));
      const id = this.#nextId++;
      const onAbort = (): void => {
        this.#post({ kind: 'cancel', id });
        this.#settle(id)?.reject(abortReason(signal));
      };
      signal?.addEventListener('abort', onAbort);
      const stopListening = (): void => signal?.removeEventListener('abort', onAbort);
      this.#waiting.set(id, { resolve, reject, stopListening });
      try {
        this.#post({ kind: 'request', id, type, params }, transfer);
      } catch (error) {
        this.#settle(id)?.reject(error as Error);
      }
    });
  }

  /** Says without waiting. */
  notify<T extends keyof OutNote & string>(
    type: T,
    params: OutNote[T],
    transfer: Transferable[] = [],
  ): void {
    if (!this.#closed) this.#post({ kind: 'notice', type, params }, transfer);
  }

  /** Ends the conversation: every waiting call rejects with `reason`, every running one is aborted. */
  close(reason: Error = new SegmenterError('worker-failed', 'The worker was shut down.')): void {
    if (this.#closed) return;
    this.#closed = reason;
    this.#endpoint.removeEventListener('message', this.#onMessage);
    for (const id of this.#waiting.keys()) this.#settle(id)?.reject(reason);
    this.#server?.close();
  }

  readonly #onMessage = (event: MessageEvent): void => {
    const message = event.data as Message;
    switch (message.kind) {
      case 'request':
        void this.#server?.answer(message.id, message.type, message.params, this.#post);
        break;
      case 'cancel':
        this.#server?.cancel(message.id);
        break;
      case 'result':
        this.#settle(message.id)?.resolve(message.result as never);
        break;
      case 'error':
        this.#settle(message.id)?.reject(fromWireError(message.error));
        break;
      case 'notice':
        this.#noticeHandlers[message.type as keyof InNote & string](message.params as never);
        break;
      default:
        message satisfies never;
    }
  };

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.stopListening();
    return waiting;
  }

  readonly #post = (message: Message, transfer: Transferable[] = []): void => {
    this.#endpoint.postMessage(message, transfer);
  };
}

function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return isAbortError(reason) ? (reason as Error) : abortError('The operation was aborted.');
}
