/**
 * The manifest: a JSON file beside an `.onnx` file that says how to feed the model and what it answers. `models/manifest.schema.json`
 * is its JSON Schema, docs/models.md explains the fields.
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
 * `framing` says what the model sees of a frame. `whole`: all of it, stretched. `people`: once people were found there, the part around them, which
 * suits models that know people at any size and any shape from 1:2 to 2:1. Only for models of two classes.
 *
 * `bytes` is the size of the file, for the progress of transfers that are compressed.
 *
 * `decoder` makes the model a promptable one, such as Segment Anything: `file` is the encoder of pictures, and the decoder makes masks
 * of what it gives and of prompts.
 *
 * Every field may be left out: what the manifest does not say is looked up elsewhere. Fields not named here are ignored.
 */
import type { Framing } from '../stage.ts';
import { Fields } from './fields.ts';
import type { Golden } from './golden.ts';
import { readFacts, type ModelFacts } from './model-facts.ts';

/** A manifest that was checked by {@link parseManifest}. */
export interface ModelManifest extends ModelFacts {
  /** What people call the model. */
  readonly name?: string;
  /** URL of the `.onnx` file, relative to the manifest. Default: the manifest's own, with `.onnx` in place of `.json`. */
  readonly file?: string;
  /** Subresource-Integrity hash of the file: `sha256-` and a base64 digest. */
  readonly integrity?: string;
  /** Size of the file. A hint for progress alone: a wrong one does no harm. */
  readonly bytes?: number;
  /** Files with the model's weights, if not those that the model itself names. */
  readonly externalData?: readonly ExternalDataEntry[];
  /** What makes masks of prompts; the model is a promptable one then. */
  readonly decoder?: DecoderEntry;
  /** SPDX expression. */
  readonly license?: string;
  /** Where the model comes from, for people. */
  readonly source?: string;
  /** Which part of a frame the model sees; `whole` by default. */
  readonly framing?: Framing;
  /** The right answer to a painted picture; see golden.ts. Stored as base64 of the cells. */
  readonly golden?: Golden;
}

/** A file beside the model that holds its weights. */
export interface ExternalDataEntry {
  /** As the model names it. */
  readonly path: string;
  /** URL, relative to the manifest. Default: the path, beside the model. */
  readonly file?: string;
  readonly integrity?: string;
}

/** The second file of a promptable model. */
export interface DecoderEntry {
  /** URL, relative to the manifest. */
  readonly file: string;
  readonly integrity?: string;
  /** Size of the file, as of the model's. */
  readonly bytes?: number;
  /** Names of its tensors, where they are others than in Segment Anything's export. */
  readonly names: DecoderNames;
}

/** See decoder-plan.ts for what they are. */
export type DecoderNames = Partial<Readonly<Record<(typeof decoderTensors)[number], string>>>;

const decoderTensors = [
  'embeddings',
  'coords',
  'labels',
  'maskInput',
  'hasMaskInput',
  'size',
  'masks',
  'scores',
] as const;

/** Longest side of the grid of a golden, in cells. */
const maxGridCells = 64;
/** Models that large are split in one file for every 2 GB. */
export const maxExternalFiles = 16;

/**
 * Checks a manifest and copies what is known of it.
 *
 * @param json - What `JSON.parse` gave.
 * @throws FieldError for the first field that is wrong.
 */
export function parseManifest(json: unknown): ModelManifest {
  const manifest = new Fields(json, '', 'A manifest');
  const facts = readFacts(manifest);
  const { classes = [] } = facts.output;
  // The rest of a person would lie beyond the part around their hair, and prompts lie anywhere.
  const isWhole = classes.length > 2 || manifest.has('decoder');
  const framings = isWhole ? (['whole'] as const) : (['whole', 'people'] as const);
  return {
    ...manifest.optional('name', (key) => manifest.text(key)),
    ...manifest.optional('file', (key) => manifest.text(key)),
    ...manifest.optional('integrity', (key) => manifest.integrity(key)),
    ...manifest.optional('bytes', (key) => manifest.integer(key, 1, 2 ** 53)),
    ...manifest.optional('externalData', (key) =>
      manifest.objects(key, maxExternalFiles).map(parseExternalData),
    ),
    ...manifest.optional('decoder', (key) => parseDecoder(manifest.object(key))),
    ...manifest.optional('license', (key) => manifest.text(key)),
    ...manifest.optional('source', (key) => manifest.text(key)),
    ...manifest.optional('framing', (key) => manifest.word<Framing>(key, framings)),
    ...facts,
    ...manifest.optional('golden', (key) => parseGolden(manifest.object(key), facts)),
  };
}

function parseExternalData(entry: Fields): ExternalDataEntry {
  return {
    path: entry.text('path'),
    ...entry.optional('file', (key) => entry.text(key)),
    ...entry.optional('integrity', (key) => entry.integrity(key)),
  };
}

function parseDecoder(entry: Fields): DecoderEntry {
  const names = entry.object('names');
  return {
    file: entry.text('file'),
    ...entry.optional('integrity', (key) => entry.integrity(key)),
    ...entry.optional('bytes', (key) => entry.integer(key, 1, 2 ** 53)),
    names: Object.assign(
      {},
      ...decoderTensors.map((tensor) => names.optional(tensor, (key) => names.text(key))),
    ) as DecoderNames,
  };
}

function parseGolden(golden: Fields, { output }: ModelFacts): Golden {
  const { width: most = maxGridCells, height: highest = maxGridCells } = output;
  const width = golden.integer('width', 1, Math.min(maxGridCells, most));
  const height = golden.integer('height', 1, Math.min(maxGridCells, highest));
  const values = golden.base64('values', width * height);
  return { width, height, values, tolerance: golden.number('tolerance', 0, 255) };
}
