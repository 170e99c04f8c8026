/**
 * The manifest: a JSON file beside an `.onnx` file that says how to feed the model and what it answers.
 *
 * ```json
 * {
 *   "name": "selfie",
 *   "file": "selfie.onnx",
 *   "integrity": "sha256-…",
 *   "bytes": 246914,
 *   "license": "Apache-2.0",
 *   "source": "where the model comes from",
 *   "framing": "people",
 *   "input": { "name": "input_1", "layout": "nhwc", "width": 256, "height": 256,
 *              "type": "float32", "range": [0, 1], "order": "rgb" },
 *   "output": { "name": "activation_10", "layout": "nhwc", "width": 256, "height": 256,
 *               "kind": "probability", "classes": ["background", "person"] },
 *   "golden": { "width": 16, "height": 16, "values": "…base64…", "tolerance": 8 }
 * }
 * ```
 *
 * `output.kind` says what the numbers are. `probability`: one channel, 0..1, of the second of two classes. `softmax`: one channel
 * for each of up to 256 classes, 0..1, with a sum of 1. `logits`: one for each class and without the softmax, or, with
 * two classes, one channel without the sigmoid.
 *
 * `framing` says what the model sees of a frame. `whole`: all of it, stretched. `people`: once people were found there, the part around them, which
 * suits models that know people at any size and any shape from 1:2 to 2:1. Only for models of two classes.
 *
 * `bytes` is the size of the file, for the progress of transfers that are compressed.
 * `integrity`, `bytes`, `license`, `source`, `framing` and `golden` may be left out. Fields not named here are ignored.
 */
import type { Framing, ModelInput, ModelOutput } from '../stage.ts';
import type { Golden } from './golden.ts';

/** What the model takes. */
export interface ManifestInput extends ModelInput {
  readonly type: 'float32';
}

/** What the model answers; the number of channels is in the model itself. */
export type ManifestOutput = Omit<ModelOutput, 'channels'>;

/** A manifest that was checked by {@link parseManifest}. */
export interface ModelManifest {
  /** What people call the model. */
  readonly name: string;
  /** URL of the `.onnx` file, relative to the manifest. */
  readonly file: string;
  /** Subresource-Integrity hash of the file: `sha256-` and a base64 digest. */
  readonly integrity?: string;
  /** Size of the file. A hint for progress alone: a wrong one does no harm. */
  readonly bytes?: number;
  /** SPDX expression. */
  readonly license?: string;
  /** Where the model comes from, for people. */
  readonly source?: string;
  /** Which part of a frame the model sees; `whole` by default. */
  readonly framing?: Framing;
  readonly input: ManifestInput;
  readonly output: ManifestOutput;
  /** The right answer to a painted picture; see golden.ts. Stored as base64 of the cells. */
  readonly golden?: Golden;
}

/** A manifest that cannot be used. The message names the field and what it should be. */
export class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

/** Longest side of a model's picture, in pixels: 2048 x 2048 x 3 floats are 50 MB. */
const maxSidePx = 2048;
/** Longest side of the grid of a golden, in cells. */
const maxGridCells = 64;
const maxTextLength = 2048;
/** As many as a byte tells apart. */
const maxClasses = 256;

/**
 * Checks a manifest and copies what is known of it.
 *
 * @param json - What `JSON.parse` gave.
 * @throws ManifestError for the first field that is missing or wrong.
 */
export function parseManifest(json: unknown): ModelManifest {
  const manifest = new Fields(json, '');
  const output = parseOutput(manifest.object('output'));
  // The rest of a person would lie beyond the part around their hair.
  const framings =
    output.classes.length === 2 ? (['whole', 'people'] as const) : (['whole'] as const);
  return {
    name: manifest.text('name'),
    file: manifest.text('file'),
    ...(manifest.has('integrity') && { integrity: manifest.integrity('integrity') }),
    ...(manifest.has('bytes') && { bytes: manifest.integer('bytes', 1, 2 ** 53) }),
    ...(manifest.has('license') && { license: manifest.text('license') }),
    ...(manifest.has('source') && { source: manifest.text('source') }),
    ...(manifest.has('framing') && { framing: manifest.word<Framing>('framing', framings) }),
    input: parseInput(manifest.object('input')),
    output,
    ...(manifest.has('golden') && { golden: parseGolden(manifest.object('golden'), output) }),
  };
}

function parseInput(input: Fields): ManifestInput {
  return {
    name: input.text('name'),
    layout: input.word('layout', ['nhwc', 'nchw']),
    width: input.integer('width', 1, maxSidePx),
    height: input.integer('height', 1, maxSidePx),
    type: input.word('type', ['float32']),
    range: input.range('range'),
    order: input.word('order', ['rgb', 'bgr']),
  };
}

function parseOutput(output: Fields): ManifestOutput {
  const kind = output.word('kind', ['probability', 'logits', 'softmax']);
  return {
    name: output.text('name'),
    layout: output.word('layout', ['nhwc', 'nchw']),
    width: output.integer('width', 1, maxSidePx),
    height: output.integer('height', 1, maxSidePx),
    kind,
    classes: output.classes('classes', kind === 'probability' ? 2 : maxClasses),
  };
}

function parseGolden(golden: Fields, output: ManifestOutput): Golden {
  const width = golden.integer('width', 1, Math.min(maxGridCells, output.width));
  const height = golden.integer('height', 1, Math.min(maxGridCells, output.height));
  const values = golden.base64('values', width * height);
  return { width, height, values, tolerance: golden.number('tolerance', 0, 255) };
}

/** Reads the fields of one object of the manifest; each method throws unless the field is as it should be. */
class Fields {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #path: string;

  /** @param path - Where the object stands in the manifest; empty for the manifest itself. */
  constructor(value: unknown, path: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ManifestError(
        `${path === '' ? 'A manifest' : `"${path}"`} should be an object, but is ${quote(value)}.`,
      );
    }
    this.#fields = value as Record<string, unknown>;
    this.#path = path;
  }

  has(key: string): boolean {
    return Object.hasOwn(this.#fields, key);
  }

  object(key: string): Fields {
    if (!this.has(key)) throw this.#error(key, 'an object');
    return new Fields(this.#fields[key], this.#pathOf(key));
  }

  text(key: string): string {
    const value = this.#get(key);
    if (isText(value)) return value;
    throw this.#error(key, `text of 1 to ${maxTextLength} characters`);
  }

  /** Two to `most` names. */
  classes(key: string, most: number): readonly string[] {
    const value = this.#get(key);
    if (Array.isArray(value) && value.length >= 2 && value.length <= most && value.every(isText)) {
      if (new Set(value).size === value.length) return [...value];
    }
    const count = most === 2 ? 'two' : `2 to ${most}`;
    throw this.#error(key, `${count} different names, background first`);
  }

  word<T extends string>(key: string, words: readonly T[]): T {
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

  #error(key: string, expected: string): ManifestError {
    const value = this.#get(key);
    const found = value === undefined ? 'is missing' : `is ${quote(value)}`;
    return new ManifestError(`"${this.#pathOf(key)}" should be ${expected}, but ${found}.`);
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

/** The value as JSON, cut to a length that a message can carry. */
function quote(value: unknown): string {
  const text = value === undefined ? 'undefined' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
