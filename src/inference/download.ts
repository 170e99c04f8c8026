import { SegmenterError } from '../errors.ts';
import { sleep } from '../util/sleep.ts';
import { isSameVersion, validatorsOf, type Validators } from './http-validators.ts';
import { PartialFile } from './partial-file.ts';

/** The most that a file may have. */
export interface SizeLimit {
  readonly bytes: number;
  /** What to say of a file that has more. */
  readonly explain: (url: string) => SegmenterError;
}

/** How to download a file. */
export interface DownloadOptions {
  readonly limit: SizeLimit;
  /** Size of the file as another source tells it, for servers that do not; 0: unknown. */
  readonly expectedBytes: number;
  /** The version that is there already. Default: none. */
  readonly known?: Validators;
  /** How often to try in all. */
  readonly tries: number;
  /** Without a byte for so long a connection counts as broken. Default: half a minute. */
  readonly patienceMs?: number;
  /** Bytes so far and in all (0: unknown). What cannot be resumed begins again at 0. */
  readonly onBytes: (loaded: number, total: number) => void;
  readonly signal: AbortSignal;
}

/** A file and its version. */
export interface DownloadedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly validators: Validators;
}

/** The connection broke, or the server is not up to it now: it may work later. */
export class UnreachableError extends SegmenterError {
  /** When to come back, as the server says. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryAfterMs?: number, options?: ErrorOptions) {
    super('model-fetch', message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** Who is told to come back later than this is told so instead. */
const longestWaitMs = 30_000;
const firstWaitMs = 250;

/**
 * Downloads a file. A broken connection is taken up where it broke if the server vouches for the rest being of the same file,
 * otherwise from the start.
 * Rejects with `model-fetch` ({@link UnreachableError} if trying on could help), the limit's error, or `AbortError`.
 *
 * @returns null if the file is still the `known` version.
 */
export function download(
  url: string,
  options: DownloadOptions & { readonly known?: never },
): Promise<DownloadedFile>;
export function download(url: string, options: DownloadOptions): Promise<DownloadedFile | null>;
export async function download(
  url: string,
  options: DownloadOptions,
): Promise<DownloadedFile | null> {
  const file = new PartialFile();
  for (let tried = 1; ; tried++) {
    try {
      return await attempt(url, file, options);
    } catch (error) {
      options.signal.throwIfAborted();
      if (!(error instanceof UnreachableError) || tried >= options.tries) throw error;
      const waitMs = error.retryAfterMs ?? backOffMs(tried);
      if (waitMs > longestWaitMs) throw error;
      await sleep(waitMs, options.signal);
    }
  }
}

/** Twice as long each time, and not for all visitors of a page the same. */
function backOffMs(tried: number): number {
  return firstWaitMs * 2 ** (tried - 1) * (0.5 + Math.random());
}

async function attempt(
  url: string,
  file: PartialFile,
  options: DownloadOptions,
): Promise<DownloadedFile | null> {
  const { known, patienceMs = 30_000, signal } = options;
  const connection = new Connection(patienceMs, signal);
  let response: Response | undefined;
  let isComplete = false;
  try {
    response = await fetch(url, { ...requestFor(url, file, known), signal: connection.signal });
    if (response.status === 304) {
      // Chrome gives up a request whose body nobody reads, though it be empty, and shows it as cancelled.
      await response.arrayBuffer();
      isComplete = true;
    }
    if (known && isStill(known, response)) return null;
    prepare(url, file, response);
    await receive(url, file, response, options, connection);
    isComplete = true;
    return { bytes: file.join(), validators: validatorsOf(response) };
  } catch (error) {
    if (error instanceof SegmenterError) throw error;
    // A server that does not let other origins ask for ranges would not let the next try through either.
    if (!response && !isOwnOrigin(url)) file.reset();
    const message = `${url} could not be downloaded. Check the URL and the connection; from another origin the server must send Access-Control-Allow-Origin.`;
    if (/^https?:/.test(url)) throw new UnreachableError(message, undefined, { cause: error });
    throw new SegmenterError('model-fetch', message, { cause: error });
  } finally {
    connection.end(isComplete);
  }
}

/**
 * With conditional headers a browser asks servers of other origins for permission first, which few grant. For those the answer's
 * validators alone tell what it is worth.
 */
function requestFor(url: string, file: PartialFile, known: Validators | undefined): RequestInit {
  const isOwn = isOwnOrigin(url);
  if (file.validator) {
    const range = `bytes=${file.sizeBytes}-`;
    const headers = isOwn ? { Range: range, 'If-Range': file.validator } : { Range: range };
    return { headers, cache: 'no-store' };
  }
  return isOwn && known?.etag ? { headers: { 'If-None-Match': known.etag } } : {};
}

function isOwnOrigin(url: string): boolean {
  return new URL(url).origin === origin;
}

function isStill(known: Validators, response: Response): boolean {
  return response.status === 304 || (response.ok && isSameVersion(known, validatorsOf(response)));
}

/** Sees whether the answer is the file, or the rest of it. */
function prepare(url: string, file: PartialFile, response: Response): void {
  const { status, statusText } = response;
  if (status === 200) return file.begin(response);
  if (status === 206 && file.isContinuedBy(response)) return;
  const answered = `${url} answered ${status} ${statusText}`.trimEnd();
  if (status === 206 || status === 416) {
    file.reset();
    throw new UnreachableError(`${answered}, but not with the rest of the file.`, 0);
  }
  if (status === 408 || status === 429 || status >= 500) {
    throw new UnreachableError(
      `${answered}. The server cannot send the model now; try again later.`,
      parseRetryAfter(response.headers.get('Retry-After')),
    );
  }
  throw new SegmenterError(
    'model-fetch',
    `${answered}. Check the \`model\` and \`asset-base\` URLs.`,
  );
}

/** Seconds, or a date. */
function parseRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  const waitMs = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}

async function receive(
  url: string,
  file: PartialFile,
  response: Response,
  { limit, expectedBytes, onBytes }: DownloadOptions,
  connection: Connection,
): Promise<void> {
  const total = expectedBytes || file.totalBytes;
  if (file.totalBytes > limit.bytes) throw limit.explain(url);
  // A total that is passed was of something else: of a compressed file, or of another one.
  const tell = (): void => onBytes(file.sizeBytes, file.sizeBytes > total ? 0 : total);
  tell();
  const reader = response.body?.getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    file.append(next.value);
    if (file.sizeBytes > limit.bytes) throw limit.explain(url);
    connection.isAlive();
    tell();
  }
  if (file.sizeBytes !== total) onBytes(file.sizeBytes, file.sizeBytes);
}

/** Ends what it is given its signal when the caller gives up, when it ends, or when nothing has come for too long. */
class Connection {
  readonly #abort = new AbortController();
  readonly #patienceMs: number;
  readonly #caller: AbortSignal;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(patienceMs: number, caller: AbortSignal) {
    this.#patienceMs = patienceMs;
    this.#caller = caller;
    caller.addEventListener('abort', this.#onAbort);
    if (caller.aborted) this.#onAbort();
    this.isAlive();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Something has come. */
  isAlive(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#abort.abort(new Error(`Nothing came for ${this.#patienceMs} ms.`)),
      this.#patienceMs,
    );
  }

  /** What has come whole is left alone: to abort it would still show as a cancelled request. */
  end(isComplete: boolean): void {
    clearTimeout(this.#timer);
    this.#caller.removeEventListener('abort', this.#onAbort);
    if (!isComplete) this.#abort.abort();
  }

  readonly #onAbort = (): void => this.#abort.abort(this.#caller.reason);
}
