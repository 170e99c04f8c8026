import { connectCopyButtons } from './copy-buttons.ts';
import { connectExamples } from './examples.ts';

connectCopyButtons();
connectExamples();
foldNavigation();
letKeysScroll();

/** On a narrow screen the list of pages would stand before the text. */
function foldNavigation(): void {
  const details = document.querySelector<HTMLDetailsElement>('#navigation');
  const wide = matchMedia('(width >= 60rem)');
  const fold = (): void => {
    if (details) details.open = wide.matches;
  };
  wide.addEventListener('change', fold);
  fold();
}

/** What is too wide for its place is scrolled by keys as well; the rest is no stop for them. */
function letKeysScroll(): void {
  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      target.toggleAttribute('tabindex', target.scrollWidth > target.clientWidth);
      if (target.hasAttribute('tabindex')) target.setAttribute('tabindex', '0');
    }
  });
  for (const element of document.querySelectorAll('.scroll')) observer.observe(element);
}
