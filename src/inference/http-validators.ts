/**
 * What tells one version of a file from the next. Servers of other origins hide `ETag` from pages unless they send
 * `Access-Control-Expose-Headers`. Empty: not told.
 */
export interface Validators {
  readonly etag: string;
  readonly lastModified: string;
}

export function validatorsOf({ headers }: Response): Validators {
  return {
    etag: headers.get('ETag') ?? '',
    lastModified: headers.get('Last-Modified') ?? '',
  };
}

/** Whether two answers are good for each other, though maybe not byte for byte. Never so where nothing is told. */
export function isSameVersion(a: Validators, b: Validators): boolean {
  if (a.etag && b.etag) return a.etag.replace(/^W\//, '') === b.etag.replace(/^W\//, '');
  return a.lastModified !== '' && a.lastModified === b.lastModified;
}

/**
 * The validator that vouches for every byte; empty if there is none. A date does so only if the file had not just been written when
 * it was sent: it may have changed twice in that second.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-8.8.2.2
 */
export function strongValidatorOf(response: Response): string {
  const { etag, lastModified } = validatorsOf(response);
  if (etag) return etag.startsWith('W/') ? '' : etag;
  const sentAtMs = Date.parse(response.headers.get('Date') ?? '');
  return sentAtMs - Date.parse(lastModified) >= 1000 ? lastModified : '';
}
