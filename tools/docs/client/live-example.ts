/** An example on a page: its code, and a frame in which it runs. Each start is a page that knows nothing of the one before. */
export class LiveExample {
  readonly stage: HTMLElement;
  readonly button: HTMLButtonElement;
  readonly needsButton: boolean;
  readonly #figure: HTMLElement;
  readonly #place: HTMLElement;

  constructor(figure: HTMLElement) {
    this.#figure = figure;
    this.stage = find(figure, '.stage');
    this.#place = find(figure, '.frame');
    this.button = find(figure, '.actions button') as HTMLButtonElement;
    this.button.hidden = false;
    this.needsButton = 'needsButton' in figure.dataset;
    this.#tell('Run');
  }

  start(): void {
    const { url = '', title = '', allow = 'camera' } = this.#figure.dataset;
    const frame = document.createElement('iframe');
    frame.src = url;
    frame.title = title;
    frame.allow = allow;
    frame.addEventListener('load', () => fitHeight(frame));
    this.#place.replaceChildren(frame);
    this.#tell('Stop');
  }

  /** Takes the page away, and with it all of its workers. */
  stop(): void {
    this.#place.replaceChildren();
    this.#tell('Run');
  }

  /** In pixels. */
  distanceFromMiddle(): number {
    const { top, bottom } = this.stage.getBoundingClientRect();
    return Math.abs((top + bottom - innerHeight) / 2);
  }

  #tell(word: string): void {
    const name = document.createElement('span');
    name.className = 'unseen';
    name.textContent = ` ${this.#figure.dataset['title'] ?? ''}`;
    this.button.replaceChildren(word, name);
  }
}

function find(parent: HTMLElement, selector: string): HTMLElement {
  const element = parent.querySelector<HTMLElement>(selector);
  if (!element) throw new Error(`An example has no ${selector}.`);
  return element;
}

/** Makes a frame as high as its page, as often as that changes. */
function fitHeight(frame: HTMLIFrameElement): void {
  const page = frame.contentDocument?.documentElement;
  if (!page) return;
  new ResizeObserver(() => {
    frame.style.height = `${page.offsetHeight}px`;
  }).observe(page);
}
