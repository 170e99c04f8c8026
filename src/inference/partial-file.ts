import { strongValidatorOf } from './http-validators.ts';

/** What has arrived of a file, over one connection or several. */
export class PartialFile {
  #chunks: Uint8Array[] = [];
  #sizeBytes = 0;
  #totalBytes = 0;
  #validator = '';

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Size of the whole file; 0 if it was not told, or told of the compressed one. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  /** What the rest must be vouched for by; empty if it cannot be had by itself. */
  get validator(): string {
    return this.#totalBytes > 0 && this.#sizeBytes > 0 ? this.#validator : '';
  }

  /** Forgets what there was: `response` has the file from its start. */
  begin(response: Response): void {
    this.reset();
    // What arrives is decoded, so neither length nor ranges of the encoded file fit it.
    if (response.headers.has('Content-Encoding')) return;
    this.#totalBytes = Number(response.headers.get('Content-Length') ?? 0);
    this.#validator = strongValidatorOf(response);
  }

  /**
   * Whether a response of status 206 has the rest of the same file. Its total is compared, too: other origins hide that they
   * compress, and ranges are never compressed.
   */
  isContinuedBy(response: Response): boolean {
    const range = `bytes ${this.#sizeBytes}-${this.#totalBytes - 1}/${this.#totalBytes}`;
    return (
      this.#validator === strongValidatorOf(response) &&
      response.headers.get('Content-Range') === range
    );
  }

  append(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#sizeBytes += chunk.byteLength;
  }

  reset(): void {
    this.#chunks = [];
    this.#sizeBytes = 0;
    this.#totalBytes = 0;
    this.#validator = '';
  }

  join(): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(this.#sizeBytes);
    let offset = 0;
    for (const chunk of this.#chunks) {
      bytes.set(chunk, offset);
      offset += chunk.byteLength;
    }
    return bytes;
  }
}
