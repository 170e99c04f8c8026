import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './pages.ts';

/** What custom-elements.json says of the element, as far as pages tell it. */
export interface ElementManifest {
  readonly attributes: readonly Named[];
  readonly members: readonly Member[];
  readonly events: readonly Named[];
  readonly slots: readonly Named[];
  readonly cssParts: readonly Named[];
  readonly cssProperties: readonly Named[];
  readonly cssStates: readonly Named[];
}

export interface Named {
  readonly name: string;
  readonly description?: string;
  readonly default?: string;
  readonly type?: { readonly text: string };
  /** Of an attribute: its property. */
  readonly fieldName?: string;
}

export interface Member extends Named {
  readonly kind: 'field' | 'method';
  readonly static?: boolean;
  readonly readonly?: boolean;
  readonly parameters?: readonly (Named & { readonly optional?: boolean })[];
  readonly return?: { readonly type: { readonly text: string } };
}

interface Declaration extends ElementManifest {
  readonly name: string;
  readonly tagName?: string;
}

const { modules } = JSON.parse(readFileSync(join(root, 'custom-elements.json'), 'utf8')) as {
  modules: { declarations: Declaration[] }[];
};
const declarations = modules.flatMap((module) => module.declarations);

export const elementManifest = declarations.find(({ tagName }) => tagName) as ElementManifest;

/** What an event of this class carries. */
export function fieldsOf(eventClass: string): readonly Member[] {
  const members = declarations.find(({ name }) => name === eventClass)?.members ?? [];
  return members.filter((member) => !member.static);
}

/** Kinds of what has a section of its own in the reference, and the names of each kind. */
export function listDocumented({
  attributes,
  members,
  events,
  slots,
  cssParts,
  cssProperties,
  cssStates,
}: ElementManifest): Record<string, readonly Named[]> {
  const fields = new Set(attributes.map(({ fieldName }) => fieldName));
  return {
    attribute: attributes,
    // Those with an attribute are told there.
    property: members.filter(({ kind, name }) => kind === 'field' && !fields.has(name)),
    method: members.filter(({ kind }) => kind === 'method'),
    event: events,
    // The default slot has no name.
    slot: slots.map((slot) => ({ ...slot, name: slot.name || 'default' })),
    part: cssParts,
    variable: cssProperties,
    state: cssStates,
  };
}
