import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('.', import.meta.url));

/**
 * The analyzer takes every `dispatchEvent(new X(detail))` for an event, without a name or named after the argument.
 * Only those of the doc comment stay, and each event class must be among them.
 */
function documentedEventsOnly() {
  return {
    name: 'documented-events-only',
    packageLinkPhase({ customElementsManifest }) {
      const declarations = customElementsManifest.modules.flatMap((module) => module.declarations);
      const names = declarations
        .map((declaration) => declaration.members?.find(({ name }) => name === 'eventName'))
        .filter(Boolean)
        .map((member) => member.default.replaceAll("'", ''));
      for (const element of declarations.filter(({ tagName }) => tagName)) {
        element.events = element.events?.filter(({ name }) => names.includes(name)) ?? [];
        for (const name of names) {
          const event = element.events.find((candidate) => candidate.name === name);
          if (event?.type?.text && event.description) continue;
          throw new Error(`<${element.tagName}> lacks "@fires {Type} ${name} - what it says".`);
        }
      }
    },
  };
}

/** What a page cannot use stays out: private and protected members, and what the analyzer guesses of event classes. */
function publicMembersOnly() {
  const isPublic = ({ name, privacy }) =>
    !['private', 'protected'].includes(privacy) &&
    !name.startsWith('#') &&
    !['styles', 'properties'].includes(name);
  return {
    name: 'public-members-only',
    packageLinkPhase({ customElementsManifest }) {
      const declarations = customElementsManifest.modules.flatMap((module) => module.declarations);
      for (const declaration of declarations) {
        declaration.members = declaration.members?.filter(isPublic);
        for (const member of declaration.members ?? []) delete member.privacy;
        if (declaration.superclass?.name !== 'Event') continue;
        declaration.superclass = { name: 'Event', package: 'global:' };
        for (const member of declaration.members) {
          if (!member.static) delete member.default;
        }
      }
    },
  };
}

/** The analyzer gives the attribute `preload` to the static method of that name instead of to the property. */
function attributesOfFields() {
  return {
    name: 'attributes-of-fields',
    packageLinkPhase({ customElementsManifest }) {
      const declarations = customElementsManifest.modules.flatMap((module) => module.declarations);
      for (const { members, attributes } of declarations.filter(({ tagName }) => tagName)) {
        for (const method of members.filter(
          ({ kind, attribute }) => kind === 'method' && attribute,
        )) {
          const field = members.find(({ kind, name }) => kind === 'field' && name === method.name);
          field.attribute = method.attribute;
          delete method.attribute;
          const { name: fieldName, type, default: value, description } = field;
          const index = attributes.findIndex(({ name }) => name === field.attribute);
          attributes[index] = {
            name: field.attribute,
            type,
            default: value,
            description,
            fieldName,
          };
        }
      }
    },
  };
}

/**
 * Spells out the names of unions: beside `type`, the word `Effect`, stands `parsedType`, the values of it, for editors and docs.
 * The field's name is that of the tools of the Web Components Toolkit.
 */
function unionsSpelledOut() {
  return {
    name: 'unions-spelled-out',
    packageLinkPhase({ customElementsManifest }) {
      const unions = readUnions(`${root}src/element/void-segmenter.ts`);
      const declarations = customElementsManifest.modules.flatMap((module) => module.declarations);
      for (const { members, attributes } of declarations.filter(({ tagName }) => tagName)) {
        for (const item of [...members, ...attributes]) {
          if (item.kind === 'method') continue;
          const text = unions.get(item.fieldName ?? item.name);
          if (text && text !== item.type.text) item.parsedType = { text };
        }
      }
    },
  };
}

/** Properties of the classes in a file whose type is a union, each with its members in the order of the sources. */
function readUnions(path) {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram([path], { ...options, noLib: true });
  const checker = program.getTypeChecker();

  const spell = (node) => {
    if (ts.isUnionTypeNode(node)) return node.types.flatMap(spell);
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal))
      return `'${node.literal.text}'`;
    if (!ts.isTypeReferenceNode(node)) return node.getText();
    let symbol = checker.getSymbolAtLocation(node.typeName);
    if (symbol?.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
    const alias = symbol?.declarations?.find(ts.isTypeAliasDeclaration);
    return alias && !alias.typeParameters ? spell(alias.type) : node.getText();
  };

  const unions = new Map();
  for (const statement of program.getSourceFile(path).statements) {
    if (!ts.isClassDeclaration(statement)) continue;
    for (const { name, type } of statement.members) {
      const members = type ? [spell(type)].flat() : [];
      if (members.length > 1) unions.set(name.getText(), members.join(' | '));
    }
  }
  return unions;
}

/** The analyzer reads sources; the package ships what is built from them. */
function builtPaths() {
  const rename = (node) => {
    for (const [key, value] of Object.entries(node)) {
      if (value && typeof value === 'object') rename(value);
      else if (key === 'path' || key === 'module') {
        node[key] = value.replace(/^(?:\/?src\/|\.\/)(.*)\.ts$/, 'dist/$1.js');
      }
    }
  };
  return {
    name: 'built-paths',
    packageLinkPhase: ({ customElementsManifest }) => rename(customElementsManifest),
  };
}

export default {
  globs: ['src/index.ts', 'src/element/void-segmenter.ts', 'src/element/events.ts'],
  litelement: true,
  plugins: [
    documentedEventsOnly(),
    publicMembersOnly(),
    attributesOfFields(),
    unionsSpelledOut(),
    builtPaths(),
  ],
};
