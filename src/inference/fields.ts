/** A fact about a model that cannot be used. The message names the field and what it should be. */
export class FieldError extends Error {
  override readonly name = 'FieldError';
}

const maxTextLength = 2048;

/** Reads the fields of one object of a JSON document; each method throws a {@link FieldError} unless the field is as it should be. */
export class Fields {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #what: string;

  /**
   * @param path - Where the object stands in the document; empty for the document itself.
   * @param what - The document, for messages.
   */
  constructor(value: unknown, path: string, what: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      const name = path === '' ? what : `"${path}"`;
      throw new FieldError(`${name} should be an object, but is ${quote(value)}.`);
    }
    this.#what = what;
    this.#fields = value as Record<string, unknown>;
    this.#path = path;
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#fields, key) && this.#fields[key] !== undefined;
  }

  /** What `read` gives for the field, in an object to be spread; nothing where the field is missing. */
  optional<K extends string, T>(key: K, read: (key: K) => T): Partial<Readonly<Record<K, T>>> {
    return (this.has(key) ? { [key]: read(key) } : {}) as Partial<Record<K, T>>;
  }

  /** An empty object where the field is missing. */
  object(key: string): Fields {
    return new Fields(this.has(key) ? this.#fields[key] : {}, this.#pathOf(key), this.#what);
  }

  /** Up to `most` of them. */
  objects(key: string, most: number): readonly Fields[] {
    const value = this.#get(key);
    if (!Array.isArray(value) || value.length > most) {
      throw this.#error(key, `a list of up to ${most} objects`);
    }
    return value.map((item, i) => new Fields(item, `${this.#pathOf(key)}.${i}`, this.#what));
  }

  text(key: string): string {
    const value = this.#get(key);
    if (isText(value)) return value;
    throw this.#error(key, `text of 1 to ${maxTextLength} characters`);
  }

  /** `least` to `most` different texts; `expected` says what they are. */
  texts(key: string, least: number, most: number, expected: string): readonly string[] {
    const value = this.#get(key);
    if (Array.isArray(value) && value.every(isText) && new Set(value).size === value.length) {
      if (value.length >= least && value.length <= most) return [...value];
    }
    throw this.#error(key, expected);
  }

  word<const T extends string>(key: string, words: readonly T[]): T {
    const value = this.#get(key);
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    throw this.#error(key, listWords(words));
  }

  number(key: string, min: number, max: number): number {
    const value = this.#get(key);
    if (typeof value === 'number' && value >= min && value <= max) return value;
    throw this.#error(key, `a number from ${min} to ${max}`);
  }

  integer(key: string, min: number, max: number): number {
    const value = this.#get(key);
    if (Number.isInteger(value) && Number(value) >= min && Number(value) <= max) {
      return Number(value);
    }
    throw this.#error(key, `a whole number from ${min} to ${max}`);
  }

  /** Two different numbers: what 0 and 255 become. */
  range(key: string): readonly [number, number] {
    const value = this.#get(key);
    if (Array.isArray(value) && value.length === 2 && value.every(Number.isFinite)) {
      const [low, high] = value as [number, number];
      if (low !== high) return [low, high];
    }
    throw this.#error(key, 'two different numbers, such as [0, 1]');
  }

  /** Three numbers, none of which is `forbidden`. */
  channels(key: string, forbidden?: number): readonly [number, number, number] {
    const value = this.#get(key);
    if (Array.isArray(value) && value.length === 3 && value.every(Number.isFinite)) {
      const channels = value as [number, number, number];
      if (!channels.some((channel) => channel === forbidden)) return [...channels];
    }
    const but = forbidden === undefined ? '' : ` other than ${forbidden}`;
    throw this.#error(key, `three numbers${but}, for red, green and blue`);
  }

  integrity(key: string): string {
    const value = this.#get(key);
    if (typeof value === 'string' && /^sha256-[A-Za-z0-9+/]{43}=$/.test(value)) return value;
    throw this.#error(key, '"sha256-" and the base64 digest of the file');
  }

  base64(key: string, byteLength: number): Uint8Array<ArrayBuffer> {
    const value = this.#get(key);
    try {
      const bytes = Uint8Array.from(atob(String(value)), (char) => char.charCodeAt(0));
      if (typeof value === 'string' && bytes.length === byteLength) return bytes;
    } catch {
      // Not base64; said below.
    }
    throw this.#error(key, `the base64 of ${byteLength} bytes`);
  }

  /** A field of the object itself: JSON may name one `constructor`. */
  #get(key: string): unknown {
    return this.has(key) ? this.#fields[key] : undefined;
  }

  #pathOf(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }

  #error(key: string, expected: string): FieldError {
    const value = this.#get(key);
    const found = value === undefined ? 'is missing' : `is ${quote(value)}`;
    return new FieldError(`"${this.#pathOf(key)}" should be ${expected}, but ${found}.`);
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= maxTextLength;
}

/** `"a", "b" or "c"` */
function listWords(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`);
  return [quoted.slice(0, -1).join(', '), quoted.at(-1)].filter(Boolean).join(' or ');
}

/** The value as JSON, cut to a length that a message can carry. Objects of a page may have circles, or go too deep. */
function quote(value: unknown): string {
  let text: string;
  try {
    text = value === undefined ? 'undefined' : JSON.stringify(value);
  } catch {
    return 'nothing that JSON can hold';
  }
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
