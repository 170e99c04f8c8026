import { escapeHtml } from './html.ts';
import { elementManifest, fieldsOf, listDocumented, type Member, type Named } from './manifest.ts';

const documented = listDocumented(elementManifest);

/**
 * What custom-elements.json says of one name, as Markdown.
 *
 * @param kind - `attribute`, `property`, `method`, `event`, `slot`, `part`, `variable` or `state`.
 */
export function describe(kind: string, name: string): string {
  const item = documented[kind]?.find((candidate) => candidate.name === name);
  if (!item) throw new Error(`custom-elements.json knows no ${kind} ${name}.`);
  const lines = [
    `<dl class="facts" id="${kind}-${name}">`,
    ...factsOf(kind, item).map(
      ([term, code]) => `<div><dt>${term}</dt><dd><code>${escapeHtml(code)}</code></dd></div>`,
    ),
    '</dl>',
    '',
    item.description ?? '',
    '',
    ...listOf(kind, item),
  ];
  return lines.join('\n');
}

function factsOf(kind: string, item: Named): [string, string][] {
  const type = item.type?.text ?? '';
  const initial = item.default ?? '';
  switch (kind) {
    case 'attribute':
      return withText([
        ['attribute', item.name],
        ['property', item.fieldName ?? ''],
        ['type', type],
        ['default', initial],
      ]);
    case 'property':
      return withText([
        ['property', item.name],
        ['type', type],
        ['default', initial],
        ['', (item as Member).readonly ? 'read-only' : ''],
      ]);
    case 'method':
      return [['method', signatureOf(item as Member)]];
    case 'slot':
      return [['slot', item.name === 'default' ? 'the one without a name' : item.name]];
    case 'state':
      return [['state', `void-segmenter:state(${item.name})`]];
    case 'part':
      return [['part', `void-segmenter::part(${item.name})`]];
    default:
      return withText([
        [kind, item.name],
        ['class', kind === 'event' ? type : ''],
        ['default', initial],
      ]);
  }
}

function withText(facts: [string, string][]): [string, string][] {
  return facts.filter(([, text]) => text);
}

function signatureOf({ name, static: isStatic, parameters = [], return: result }: Member): string {
  const list = parameters.map((parameter) =>
    parameter.optional || parameter.default ? `${parameter.name}?` : parameter.name,
  );
  const type = result?.type.text;
  return `${isStatic ? 'VoidSegmenterElement.' : ''}${name}(${list.join(', ')})${type ? `: ${type}` : ''}`;
}

/** Parameters of a method, or fields of an event. */
function listOf(kind: string, item: Named): string[] {
  const list =
    kind === 'event' ? fieldsOf(item.type?.text ?? '') : ((item as Member).parameters ?? []);
  return list.map(({ name, type, default: initial, description }) => {
    const parts = [
      type && `\`${type.text}\``,
      initial && `default \`${initial}\``,
      description?.replace(/\.$/, ''),
    ];
    return `- \`${name}\`: ${parts.filter(Boolean).join('; ') || 'see above'}`;
  });
}
