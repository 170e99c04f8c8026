import type { Random } from './random.ts';

type Damage = (bytes: Uint8Array, random: Random) => Uint8Array<ArrayBuffer>;

/** Bytes in which numbers, lengths and tags of a file end or turn over. */
const edges = [0x00, 0x01, 0x7f, 0x80, 0xff];

const damages: Readonly<Record<string, Damage>> = {
  'cut short': (bytes, random) => bytes.slice(0, random.below(bytes.length)),
  'flipped bits': (bytes, random) =>
    changeSome(bytes, random, (byte) => byte ^ (1 << random.below(8))),
  'edge values': (bytes, random) => changeSome(bytes, random, () => random.pick(edges)),
  'number of ten bytes': (bytes, random) => {
    const at = placeIn(bytes, random);
    return join(bytes.subarray(0, at), new Uint8Array(9).fill(0xff), [1], bytes.subarray(at + 1));
  },
  'left out': (bytes, random) => {
    const at = placeIn(bytes, random);
    return join(bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(64)));
  },
  'put in': (bytes, random) => {
    const at = placeIn(bytes, random);
    const noise = Uint8Array.from({ length: 1 + random.below(64) }, () => random.below(256));
    return join(bytes.subarray(0, at), noise, bytes.subarray(at));
  },
  'repeated part': (bytes, random) => {
    const from = placeIn(bytes, random);
    const part = bytes.subarray(from, from + 1 + random.below(512));
    const at = placeIn(bytes, random);
    return join(bytes.subarray(0, at), part, bytes.subarray(at));
  },
};

/** A copy of a file that is broken in one of several ways, and the name of that way. */
export function damageBytes(
  bytes: Uint8Array,
  random: Random,
): { kind: string; bytes: Uint8Array<ArrayBuffer> } {
  const kind = random.pick(Object.keys(damages));
  return { kind, bytes: (damages[kind] as Damage)(bytes, random) };
}

function changeSome(
  bytes: Uint8Array,
  random: Random,
  change: (byte: number) => number,
): Uint8Array<ArrayBuffer> {
  const changed = bytes.slice();
  for (let left = 1 + random.below(8); left > 0; left--) {
    const at = placeIn(bytes, random);
    changed[at] = change(changed[at] ?? 0);
  }
  return changed;
}

/** Half of the time near an end, where files of weights say what they are. */
function placeIn({ length }: Uint8Array, random: Random): number {
  const near = Math.min(length, 2048);
  const place = random.pick([random.below(near), length - 1 - random.below(near)]);
  return random.pick([place, random.below(length)]);
}

function join(...parts: readonly ArrayLike<number>[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}
