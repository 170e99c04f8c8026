import { LiveExample } from './live-example.ts';

/** Scrolling past an example does not start it. */
const settleMs = 300;

/**
 * Runs the examples, one at a time, so that a phone survives: the one in the middle of the screen, for as long as it is seen.
 * Who prefers reduced motion, saves data or has stopped one starts them by their buttons.
 */
export function connectExamples(): void {
  const examples = [...document.querySelectorAll<HTMLElement>('.example')].map(
    (figure) => new LiveExample(figure),
  );
  const inView = new Set<LiveExample>();
  let running: LiveExample | undefined;
  let isAutomatic = !matchMedia('(prefers-reduced-motion: reduce)').matches && !savesData();
  let timer = 0;

  const run = (example: LiveExample | undefined): void => {
    if (running === example) return;
    running?.stop();
    running = example;
    running?.start();
  };

  const settle = (): void => {
    if (running && !inView.has(running)) run(undefined);
    if (running || !isAutomatic) return;
    const candidates = [...inView].filter(({ needsButton }) => !needsButton);
    run(candidates.sort((a, b) => a.distanceFromMiddle() - b.distanceFromMiddle())[0]);
  };

  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const example = examples.find(({ stage }) => stage === target);
        if (!example) continue;
        if (isIntersecting) inView.add(example);
        else inView.delete(example);
      }
      clearTimeout(timer);
      timer = window.setTimeout(settle, settleMs);
    },
    { threshold: 0.5 },
  );
  for (const example of examples) {
    observer.observe(example.stage);
    example.button.addEventListener('click', () => {
      if (running === example) isAutomatic = false;
      run(running === example ? undefined : example);
    });
  }
}

function savesData(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  return connection?.saveData ?? false;
}
