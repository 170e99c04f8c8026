import type { Random } from './random.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What a page may put in an object of its own, and what JSON may put there. */
const values: readonly ((random: Random) => unknown)[] = [
  () => null,
  () => true,
  (random) => random.pick([-1, 0, -0, 0.5, 2 ** 31, 2 ** 53, 1e308, 5e-324]),
  () => '',
  (random) => 'x'.repeat(random.pick([2048, 2049, 100_000])),
  () => '\u0000\ud800',
  () => [],
  (random) => Array.from({ length: random.pick([1, 17, 10_000]) }, () => 'same'),
  (random) => Array.from({ length: random.pick([3, 257]) }, (_, i) => `class ${i}`),
  () => ({}),
  () => JSON.parse('{"__proto__": {"width": 1}, "constructor": 1, "toString": 2}') as unknown,
  (random) => nest(random.pick([10, 1000])),
];

/** No JSON has these, but structured clone brings them. */
const cloned: readonly ((random: Random) => unknown)[] = [
  () => NaN,
  (random) => random.pick([Infinity, -Infinity]),
  () => 1n,
  () => undefined,
  () => new Map([['width', 1]]),
  () => new Float32Array(3),
  () => new Array<number>(3),
  () => {
    const circle: Record<string, unknown> = {};
    circle.self = circle;
    return circle;
  },
];

const keys = ['__proto__', 'constructor', 'hasOwnProperty', 'toString', '', 'input', 'output'];

/** A copy of a document in which some fields have values that they should not have. */
export function damageFields(document: unknown, random: Random, isJson: boolean): unknown {
  const known = isJson ? values : [...values, ...cloned];
  let changed = structuredClone(document);
  for (let left = 1 + random.below(3); left > 0; left--) {
    const places = findObjects(changed);
    if (places.length === 0 || random.below(20) === 0) changed = random.pick(known)(random);
    else {
      const place = random.pick(places);
      const key = random.pick([...Object.keys(place), ...Object.keys(place), random.pick(keys)]);
      // Not by assignment, which would change the prototype.
      const value = random.pick(known)(random);
      Object.defineProperty(place, key, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }
  return changed;
}

/** A text that is almost JSON. */
export function damageText(text: string, random: Random): string {
  const at = random.below(text.length);
  const end = at + random.below(40);
  const noise = random.pick([
    '',
    '{',
    ']',
    '"',
    ',',
    'NaN',
    'Infinity',
    '1e999',
    '\\u0000',
    '\ufeff',
    '-'.repeat(99),
    '['.repeat(20_000),
    '['.repeat(20_000) + ']'.repeat(20_000),
  ]);
  return random.pick([text.slice(0, at), text.slice(0, at) + noise + text.slice(end)]);
}

function findObjects(value: unknown, depth = 0): Record<string, unknown>[] {
  // What was put in is left alone.
  if (typeof value !== 'object' || value === null || depth > 4) return [];
  if (Object.getPrototypeOf(value) !== Object.prototype) return [];
  const inner = Object.values(value).flatMap((item) => findObjects(item, depth + 1));
  return [value as Record<string, unknown>, ...inner];
}

function nest(depth: number): Json {
  let nested: Json = [];
  for (let i = 0; i < depth; i++) nested = [nested];
  return nested;
}
