/** Writes what editors know of the element into dist, from custom-elements.json: custom data for VS Code, web-types for JetBrains. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { generateJetBrainsWebTypes } from 'custom-element-jet-brains-integration';
import { generateVsCodeCustomElementData } from 'custom-element-vs-code-integration';

const root = new URL('..', import.meta.url);
const manifest = JSON.parse(await readFile(new URL('custom-elements.json', root), 'utf8'));

// What an attribute takes in HTML, where there is neither null nor a list; editors offer the values of unions.
for (const { attributes = [] } of manifest.modules.flatMap(({ declarations }) => declarations)) {
  for (const attribute of attributes) {
    const types = (attribute.parsedType ?? attribute.type).text.split(' | ');
    const text = types.filter((type) => /^('.+'|string|number|boolean)$/.test(type)).join(' | ');
    attribute.parsedType = { text };
  }
}

const options = {
  outdir: fileURLToPath(new URL('dist', root)),
  typesSrc: 'parsedType',
  hideMethodDocs: true,
  hideLogs: true,
};

generateVsCodeCustomElementData(manifest, options);
generateJetBrainsWebTypes(manifest, { ...options, packageJson: false });
