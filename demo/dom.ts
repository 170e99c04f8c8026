/** Finds what the page is known to have; throws if a hand has slipped. */
export function find<T extends Element>(
  type: abstract new (...args: never[]) => T,
  selector: string,
  root: ParentNode = document,
): T {
  const element = root.querySelector(selector);
  if (element instanceof type) return element;
  throw new Error(`The page has no ${type.name} ${selector}.`);
}

/** Writes text only where it differs, so that nothing is laid out or announced anew for nothing. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
