import { SegmenterError } from '../errors.ts';

/** Weakest first. */
const algorithms = ['sha256', 'sha384', 'sha512'] as const;
type Algorithm = (typeof algorithms)[number];

const digestNames: Record<Algorithm, string> = {
  sha256: 'SHA-256',
  sha384: 'SHA-384',
  sha512: 'SHA-512',
};

interface Hash {
  readonly algorithm: Algorithm;
  readonly base64: string;
}

/**
 * Checks a file against Subresource-Integrity metadata: of several hashes only those of the strongest algorithm
 * count, and one match is enough. An empty string asks for nothing.
 *
 * @see https://www.w3.org/TR/SRI/#does-response-match-metadatalist
 */
export async function verifyIntegrity(
  bytes: Uint8Array<ArrayBuffer>,
  metadata: string,
  url: string,
): Promise<void> {
  if (metadata.trim() === '') return;
  const hashes = parseMetadata(metadata);
  const strongest = algorithms.findLast((name) => hashes.some((hash) => hash.algorithm === name));
  if (!strongest) {
    throw new SegmenterError(
      'model-integrity',
      `integrity="${metadata}" holds no hash. It wants "sha256-…", "sha384-…" or "sha512-…" with a base64 digest.`,
    );
  }
  // Missing outside secure contexts.
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (!subtle) {
    throw new SegmenterError(
      'unsupported',
      'Model integrity can only be checked in a secure context. Serve the page over HTTPS or from localhost.',
    );
  }
  const digest = new Uint8Array(await subtle.digest(digestNames[strongest], bytes));
  const actual = btoa(String.fromCharCode(...digest));
  if (hashes.some((hash) => hash.algorithm === strongest && hash.base64 === actual)) return;
  throw new SegmenterError(
    'model-integrity',
    `${url} does not match its integrity hash: it has ${strongest}-${actual}. Use this hash if the file is the right one; otherwise it was changed on the way.`,
  );
}

function parseMetadata(metadata: string): Hash[] {
  return metadata
    .trim()
    .split(/\s+/)
    .flatMap((token) => {
      const match = /^(sha256|sha384|sha512)-([A-Za-z0-9+/]+={0,2})(\?.*)?$/.exec(token);
      return match ? [{ algorithm: match[1] as Algorithm, base64: match[2] ?? '' }] : [];
    });
}
