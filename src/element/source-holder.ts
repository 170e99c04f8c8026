import { isAbortError, toSegmenterError, type SegmenterError } from '../errors.ts';
import type { FrameSource, SourceListener } from '../source/frame-source.ts';
import { openSource, type SourceRequest } from '../source/open-source.ts';

/** What a holder tells, beyond what its source does. */
export interface SourceHolderListener extends SourceListener {
  /** There is a picture to be had. Awaited before {@link SourceHolder.opened} resolves. */
  onOpen(source: FrameSource, request: SourceRequest): Promise<void>;
  /** It could not be opened, or broke. The holder is empty, and keeps the request for a retry. */
  onError(error: SegmenterError): void;
}

/** Owns the one source of an element; the newest request wins. */
export class SourceHolder {
  readonly #video: () => HTMLVideoElement;
  readonly #listener: SourceHolderListener;
  #request: SourceRequest | null = null;
  #source: FrameSource | null = null;
  #opened: Promise<void> = Promise.resolve();
  #abort = new AbortController();
  #hasFailed = false;

  /** @param video - The element's own video, for sources that have none. */
  constructor(video: () => HTMLVideoElement, listener: SourceHolderListener) {
    this.#video = video;
    this.#listener = listener;
  }

  /** The source, once it is open. */
  get source(): FrameSource | null {
    return this.#source;
  }

  /** Whether there is a source, or one is on its way, or has failed. */
  get isWanted(): boolean {
    return this.#request !== null;
  }

  /** Resolves once the newest request is open, has failed or was replaced. */
  get opened(): Promise<void> {
    return this.#opened;
  }

  /** Whether {@link set} would do something. */
  wouldChange(request: SourceRequest | null, retry: boolean): boolean {
    return !isSameSource(request, this.#request) || (this.#hasFailed && retry);
  }

  /**
   * Opens what is requested, unless that is open or opening.
   *
   * @param retry - Opens the same request again if it has failed.
   */
  set(request: SourceRequest | null, retry: boolean): void {
    if (!this.wouldChange(request, retry)) return;
    this.close();
    this.#request = request;
    if (!request) return;
    const { signal } = this.#abort;
    this.#opened = this.#open(request, signal).catch((error: unknown) => {
      if (signal.aborted || isAbortError(error)) return;
      this.fail(toSegmenterError(error, 'source-decode'));
    });
  }

  /** Ends the source, and lets the camera go. */
  close(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#source?.close();
    this.#source = null;
    this.#request = null;
    this.#hasFailed = false;
    this.#opened = Promise.resolve();
  }

  async #open(request: SourceRequest, signal: AbortSignal): Promise<void> {
    const listener: SourceListener = {
      onPicture: () => this.#listener.onPicture(),
      onChange: () => this.#listener.onChange(),
      onError: (error) => this.fail(toSegmenterError(error, 'source-decode')),
    };
    const source = await openSource(request, this.#video(), listener, signal);
    if (signal.aborted) {
      source.close();
      return;
    }
    this.#source = source;
    await this.#listener.onOpen(source, request);
  }

  /** Closes the source, whose pictures cannot be had, and tells the listener. */
  fail(error: SegmenterError): void {
    const request = this.#request;
    this.close();
    this.#request = request;
    this.#hasFailed = true;
    this.#listener.onError(error);
  }
}

/** Whether two requests mean the same source: their fields are the same, which depend on their kinds. */
export function isSameSource(a: SourceRequest | null, b: SourceRequest | null): boolean {
  if (!a || !b) return a === b;
  const other = new Map(Object.entries(b));
  return Object.entries(a).every(([name, value]) => value === other.get(name));
}
