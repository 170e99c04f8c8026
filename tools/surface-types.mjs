import { format } from 'prettier';

const header = `
// Made from custom-elements.json by "npm run analyze".
import type * as events from '../element/events.ts';
import type { VoidSegmenterElement } from '../element/void-segmenter.ts';
`;

/**
 * Makes `src/types/surface.ts`, from which the types for frameworks are put together.
 *
 * @param manifest - What custom-elements.json holds.
 */
export function createSurfaceTypes(manifest) {
  const element = manifest.modules
    .flatMap(({ declarations }) => declarations)
    .find(({ tagName }) => tagName);
  const settable = element.members.filter(
    (member) => member.kind === 'field' && !member.static && !member.readonly,
  );
  const parts = [
    header,
    createInterface(
      'Properties of the element that can be set.',
      'SegmenterProperties',
      settable,
      (field) => [`${field.name}?`, `VoidSegmenterElement['${field.name}'] | undefined`],
    ),
    createInterface('Its attributes.', 'SegmenterAttributes', element.attributes, (attribute) => [
      `'${attribute.name}'?`,
      `${attributeType(attribute)} | undefined`,
    ]),
    createInterface('Its events by name.', 'SegmenterEvents', element.events, (event) => [
      `'${event.name}'`,
      `events.${event.type.text}`,
    ]),
  ];
  return format(parts.join('\n\n'), { parser: 'typescript', singleQuote: true, printWidth: 100 });
}

/** An attribute takes what its property takes, or the text for it. */
function attributeType({ fieldName, type, parsedType = type }) {
  const types = [`VoidSegmenterElement['${fieldName}']`];
  if (type.text === 'boolean') types.push(`''`);
  if (parsedType.text.split(' | ').includes('number')) types.push('`${number}`');
  return types.join(' | ');
}

function createInterface(description, name, items, describe) {
  const members = items.map((item) => {
    const [key, type] = describe(item);
    return `${comment(item.description)}\n${key}: ${type};`;
  });
  return `${comment(description)}\nexport interface ${name} {\n${members.join('\n')}\n}`;
}

function comment(text) {
  return text.includes('\n') ? `/**\n${text.replace(/^/gm, ' * ')}\n */` : `/** ${text} */`;
}
