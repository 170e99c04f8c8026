/**
 * What went wrong, in one word that code can branch on. The message says the rest.
 *
 * - `unsupported`: this browser lacks something that no fallback covers.
 * - `backend-unavailable`: the named backend cannot run here, or computes wrong results.
 * - `device-lost`: the GPU went away and could not be brought back.
 * - `model-fetch`: the model or its manifest could not be downloaded.
 * - `model-integrity`: the downloaded model does not match its `integrity` hash.
 * - `model-invalid`: the file is not an ONNX model, or is damaged.
 * - `model-unsupported`: a valid model that this version cannot use.
 * - `source-fetch`: the video or image could not be downloaded.
 * - `source-decode`: the video or image was downloaded, but is not one this browser can decode.
 * - `source-tainted`: the source comes from another origin without CORS permission.
 * - `camera-denied`: the visitor or a policy refused the camera.
 * - `camera-missing`: there is no camera, or another program holds it.
 * - `worker-failed`: a worker did not start, or stopped.
 * - `worker-blocked`: the page's Content Security Policy blocks the worker.
 * - `out-of-memory`: the device has too little memory for this source or model.
 * - `option-invalid`: an attribute or option has a value that is not one of its own.
 */
export type ErrorCode =
  | 'unsupported'
  | 'backend-unavailable'
  | 'device-lost'
  | 'model-fetch'
  | 'model-integrity'
  | 'model-invalid'
  | 'model-unsupported'
  | 'source-fetch'
  | 'source-decode'
  | 'source-tainted'
  | 'camera-denied'
  | 'camera-missing'
  | 'worker-failed'
  | 'worker-blocked'
  | 'out-of-memory'
  | 'option-invalid';

/** The one error class of this package. */
export class SegmenterError extends Error {
  override readonly name = 'SegmenterError';
  readonly code: ErrorCode;
  #isFatal = false;

  /**
   * @param code - What went wrong.
   * @param message - What happened, and what the page author can do about it.
   * @param options - `cause`: the error underneath, if there is one.
   */
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  /**
   * Whether the element stopped because of it (state `failed`). An unknown option is not fatal: the last good value
   * stays in force. Neither is a call such as `segment()` or `toBlob()` that fails by itself.
   */
  get fatal(): boolean {
    return this.#isFatal;
  }

  /** @internal */
  markFatal(): void {
    this.#isFatal = true;
  }
}

/** A {@link SegmenterError} as it crosses threads: structured clone loses the class and the code. */
export interface WireError {
  readonly code: ErrorCode | 'abort';
  readonly message: string;
  /** Name and message of the cause, for the console. */
  readonly detail?: string;
}

/** What promises are rejected with that were called off. */
export function abortError(message: string): DOMException {
  return new DOMException(message, 'AbortError');
}

/** Whether `error` says that the caller gave up, which is not a failure. */
export function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Packs any thrown value for another thread. What is not a SegmenterError gets `fallback` as its code. */
export function toWireError(error: unknown, fallback?: ErrorCode): WireError {
  const message = error instanceof Error ? error.message : String(error);
  if (isAbortError(error)) return { code: 'abort', message };
  const { code } = toSegmenterError(error, fallback);
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? { code, message } : { code, message, detail: describeCause(cause) };
}

function describeCause(cause: unknown): string {
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : JSON.stringify(cause);
}

/** Rebuilds what {@link toWireError} packed. */
export function fromWireError(wire: WireError): Error {
  if (wire.code === 'abort') return abortError(wire.message);
  return new SegmenterError(
    wire.code,
    wire.message,
    wire.detail === undefined ? undefined : { cause: new Error(wire.detail) },
  );
}

/** Returns `error` itself if it is typed already, else wraps it. */
export function toSegmenterError(
  error: unknown,
  fallback: ErrorCode = 'worker-failed',
): SegmenterError {
  if (error instanceof SegmenterError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new SegmenterError(fallback, message, { cause: error });
}
