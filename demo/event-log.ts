import type { VoidSegmenterElement } from '../src/index.ts';

const maxEntries = 60;

/** Lists an element's events, newest first; masks and stats, which never end, are counted in one line each. */
export function logEvents(element: VoidSegmenterElement, list: HTMLOListElement): void {
  const write = (name: string, text: string): HTMLLIElement => {
    const item = document.createElement('li');
    const time = document.createElement('time');
    const title = document.createElement('b');
    time.textContent = new Date().toLocaleTimeString();
    title.textContent = name;
    item.append(time, title, ` ${text}`);
    list.prepend(item);
    while (list.childElementCount > maxEntries) list.lastElementChild?.remove();
    return item;
  };
  const count = (name: string): ((text: string) => void) => {
    let item: HTMLLIElement | undefined;
    let times = 0;
    return (text) => {
      times++;
      if (!item?.isConnected) item = write(name, '');
      item.lastChild?.replaceWith(` × ${times} ${text}`);
    };
  };
  const countMask = count('void-mask');
  const countStats = count('void-stats');
  element.addEventListener('void-state-change', ({ state, previous }) =>
    write('void-state-change', `${previous} → ${state}`),
  );
  element.addEventListener('void-ready', ({ model, backend }) =>
    write('void-ready', `${model} on ${backend}`),
  );
  element.addEventListener('void-progress', ({ loaded, total, asset }) => {
    if (loaded === total) write('void-progress', `${asset}, ${Math.round(total / 1024)} KB`);
  });
  element.addEventListener('void-backend-change', ({ from, to, reason }) =>
    write('void-backend-change', `${from} → ${to}: ${reason}`),
  );
  element.addEventListener('void-error', ({ error }) =>
    write('void-error', `${error.code}: ${error.message}`),
  );
  element.addEventListener('void-mask', ({ mask }) =>
    countMask(`${mask.format}, ${mask.width} × ${mask.height}`),
  );
  element.addEventListener('void-stats', ({ stats }) => countStats(`${stats.fps.toFixed(1)} fps`));
}
