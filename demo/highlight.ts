/** Kinds of what stands in a piece of HTML, as class names. */
type Kind = 'tag' | 'string' | 'plain';

const pattern = /(?<string>"[^"]*")|(?<tag><\/?[\w-]+|>)/g;

/** Colours HTML. Everything goes in as text. */
export function highlightHtml(code: string): DocumentFragment {
  const fragment = new DocumentFragment();
  let end = 0;
  for (const match of code.matchAll(pattern)) {
    append(fragment, 'plain', code.slice(end, match.index));
    append(fragment, match.groups?.['tag'] ? 'tag' : 'string', match[0]);
    end = match.index + match[0].length;
  }
  append(fragment, 'plain', code.slice(end));
  return fragment;
}

function append(fragment: DocumentFragment, kind: Kind, text: string): void {
  if (kind === 'plain') {
    fragment.append(text);
    return;
  }
  const span = document.createElement('span');
  span.className = `code-${kind}`;
  span.textContent = text;
  fragment.append(span);
}
