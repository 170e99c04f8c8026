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
    !['private', 'protected'].includes(privacy) && !name.startsWith('#') && name !== 'styles';
  return {
    name: 'public-members-only',
    packageLinkPhase({ customElementsManifest }) {
      const declarations = customElementsManifest.modules.flatMap((module) => module.declarations);
      for (const declaration of declarations) {
        declaration.members = declaration.members?.filter(isPublic);
        if (declaration.superclass?.name !== 'Event') continue;
        declaration.superclass = { name: 'Event', package: 'global:' };
        for (const member of declaration.members) {
          if (!member.static) delete member.default;
        }
      }
    },
  };
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
  plugins: [documentedEventsOnly(), publicMembersOnly(), builtPaths()],
};
