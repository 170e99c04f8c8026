import type { VoidSegmenterElement } from '../src/index.ts';
import { find, setText } from './dom.ts';
import { describeEvent, rareEvents, type RareEvent } from './event-text.ts';
import { LogEntries, type LogEntry } from './log-entries.ts';

const limit = 40;

/** Lists what the element tells, newest first; what it tells all the time is counted. */
export function connectEventLog(segmenter: VoidSegmenterElement): void {
  const list = find(HTMLOListElement, '#log');
  const log = new LogEntries(limit);

  const onEvent = (event: RareEvent): void => {
    // The steps of one download are one entry.
    const mergeKey = 'asset' in event ? event.asset : undefined;
    log.add(event.type, describeEvent(event), performance.now(), mergeKey);
    list.replaceChildren(...log.entries.map(createItem));
  };
  for (const type of rareEvents) segmenter.addEventListener(type, onEvent);
  countEvents(segmenter, 'void-mask', '#mask-count');
  countEvents(segmenter, 'void-stats', '#stats-count');
}

function countEvents(segmenter: VoidSegmenterElement, type: string, selector: string): void {
  const output = find(HTMLElement, selector);
  let count = 0;
  segmenter.addEventListener(type, () => setText(output, (++count).toLocaleString('en')));
}

function createItem({ name, detail, atMs, count }: LogEntry): HTMLLIElement {
  const item = document.createElement('li');
  const time = document.createElement('time');
  const title = document.createElement('span');
  const text = document.createElement('p');
  time.textContent = `${(atMs / 1000).toFixed(2)} s`;
  title.textContent = count > 1 ? `${name} ×${count}` : name;
  title.classList.toggle('is-error', name === 'void-error');
  text.textContent = detail;
  item.append(time, title, text);
  return item;
}
