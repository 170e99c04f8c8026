/** What `classes` takes: names or numbers, in a list or in a text with commas or spaces between them. */
export type WordList = string | readonly (string | number)[];

/** The words of it. What is in a list may have spaces in it; what is neither list nor text is one word. */
export function listWords(list: WordList | null | undefined): string[] {
  if (Array.isArray(list)) return list.map(String);
  return String(list ?? '')
    .split(/[\s,]+/)
    .filter(Boolean);
}
