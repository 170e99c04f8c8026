import { setText } from './dom.ts';

/** Has a button copy text, and say so. */
export function connectCopyButton(
  button: HTMLButtonElement,
  text: () => string,
  announce: (text: string) => void,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const say = (label: string): void => {
    setText(button, label);
    clearTimeout(timer);
    timer = setTimeout(() => setText(button, 'Copy'), 2000);
  };
  button.addEventListener('click', () => {
    navigator.clipboard.writeText(text()).then(
      () => {
        say('Copied');
        announce('HTML copied');
      },
      () => {
        say('Select and copy');
        announce('The browser did not allow copying: select the text and copy it.');
      },
    );
  });
}
