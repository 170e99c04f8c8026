/**
 * Keeps the canvas that the worker draws on. A canvas is bound for ever to its first worker and context type, so a new
 * backend needs a new canvas; the old one stays in view until the new one has something to show.
 */
export class CanvasSwapper {
  readonly #container: ParentNode & Node;
  readonly #label: () => string;
  #shown: HTMLCanvasElement | undefined;
  #pending: HTMLCanvasElement | undefined;

  /** @param label - What a screen reader is to say of the canvas; empty: nothing. */
  constructor(container: ParentNode & Node, label: () => string) {
    this.#container = container;
    this.#label = label;
  }

  /** Makes a canvas for a new worker, hidden until {@link show}. */
  replace(): OffscreenCanvas {
    this.#pending?.remove();
    const canvas = document.createElement('canvas');
    canvas.part.add('canvas');
    this.#tell(canvas);
    canvas.style.visibility = 'hidden';
    this.#container.append(canvas);
    this.#pending = canvas;
    return canvas.transferControlToOffscreen();
  }

  /** The newest canvas has something to show. */
  show(): void {
    if (this.#pending) {
      this.#shown?.remove();
      this.#shown = this.#pending;
      this.#pending = undefined;
    }
    if (this.#shown) this.#shown.style.visibility = '';
  }

  /** Takes whatever is in view out of view, at once. */
  hide(): void {
    if (this.#shown) this.#shown.style.visibility = 'hidden';
  }

  relabel(): void {
    for (const canvas of [this.#shown, this.#pending]) if (canvas) this.#tell(canvas);
  }

  #tell(canvas: HTMLCanvasElement): void {
    const label = this.#label();
    canvas.role = label ? 'img' : 'none';
    canvas.ariaLabel = label;
  }

  /** Removes every canvas. */
  clear(): void {
    this.#shown?.remove();
    this.#pending?.remove();
    this.#shown = undefined;
    this.#pending = undefined;
  }
}
