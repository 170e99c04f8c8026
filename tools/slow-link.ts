import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const chunkBytes = 16_384;

/** A network that all answers of a server share, chunk by chunk. */
export class SlowLink {
  readonly #roundTripMs: number;
  readonly #bytesPerMs: number;
  #busyUntilMs = 0;

  constructor(roundTripMs: number, bytesPerSecond: number) {
    this.#roundTripMs = roundTripMs;
    this.#bytesPerMs = bytesPerSecond / 1000;
  }

  /** Sends the body a round trip late, and ends the answer. Resolves once all is sent. */
  async send(response: ServerResponse, body: Uint8Array): Promise<void> {
    await sleep(this.#roundTripMs);
    for (let start = 0; start < body.byteLength; start += chunkBytes) {
      const chunk = body.subarray(start, start + chunkBytes);
      const now = performance.now();
      this.#busyUntilMs = Math.max(now, this.#busyUntilMs) + chunk.byteLength / this.#bytesPerMs;
      await sleep(this.#busyUntilMs - now);
      response.write(chunk);
    }
    response.end();
  }
}
