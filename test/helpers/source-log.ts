import type { SourceListener } from '../../src/source/frame-source.ts';

/** Counts what a source tells. */
export class SourceLog implements SourceListener {
  pictures = 0;
  changes = 0;
  readonly errors: Error[] = [];
  #waiting: { readonly isDone: (log: SourceLog) => boolean; readonly resolve: () => void }[] = [];
  readonly #onPicture: () => void;

  /** @param onPicture - Called for each picture. */
  constructor(onPicture: () => void = () => {}) {
    this.#onPicture = onPicture;
  }

  onPicture(): void {
    this.pictures++;
    this.#onPicture();
    this.#settle();
  }

  onChange(): void {
    this.changes++;
    this.#settle();
  }

  onError(error: Error): void {
    this.errors.push(error);
    this.#settle();
  }

  /** Resolves once the source has told this. */
  until(isDone: (log: SourceLog) => boolean): Promise<void> {
    if (isDone(this)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ isDone, resolve }));
  }

  #settle(): void {
    this.#waiting = this.#waiting.filter(({ isDone, resolve }) => {
      if (!isDone(this)) return true;
      resolve();
      return false;
    });
  }
}

/** Lets the page show this many frames. */
export async function displayFrames(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => requestAnimationFrame(resolve));
}
