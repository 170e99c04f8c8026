import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { GpuKind } from '../../tools/launch-chrome.ts';
import type { Backend } from '../../src/stage.ts';
import { asItIs, evalRows, type EvalRow } from './rows.ts';
import { givenModelPrefix } from './site.ts';

/** What `npm run eval` is told. */
export interface EvalArguments {
  readonly data: string;
  readonly rows: readonly EvalRow[];
  /** Where the file of `--model` is; undefined: there is none. */
  readonly modelFolder: string | undefined;
  readonly backend: Backend;
  readonly gpu: GpuKind;
  /** Pictures; undefined: all. */
  readonly limit: number | undefined;
  readonly hasClips: boolean;
  readonly json: string | undefined;
  /** How many pictures go on the contact sheet. */
  readonly worst: number;
  readonly sheet: string;
}

const defaultData = fileURLToPath(new URL('../.data', import.meta.url));
const defaultSheet = fileURLToPath(new URL('../.sheets/worst.png', import.meta.url));

const help = `Measures the masks of the built package, and of MediaPipe on the same weights, against true ones.

  npm run build && npm run eval -- --data DIR
  npm run eval -- --limit 30 --no-clips --json eval.json
  npm run eval -- --rows element --worst 24

  --data DIR          a folder with pictures, masks and an index.json, see bench/README.md
                      (default bench/.data)
  --limit N           pictures, spread evenly over the index
  --no-clips          pictures only
  --rows TEXT         rows whose name has this text in it; may be given more than once
  --model FILE        the element with this model, a manifest or an ONNX file, by path or URL; alone,
                      unless --rows names others
  --backend BACKEND   of the element: wasm (default) or webgpu
  --gpu KIND          what Chrome has: none (default), native or software
  --json FILE         writes all figures, of every picture and frame
  --worst N           draws the first row's worst N pictures
  --sheet FILE        where to (default bench/.sheets/worst.png)
`;

/** Returns undefined once it has printed the help. Throws with a sentence for the user. */
export function readArguments(argv: readonly string[]): EvalArguments | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      backend: { type: 'string', default: 'wasm' },
      data: { type: 'string', default: defaultData },
      gpu: { type: 'string', default: 'none' },
      help: { type: 'boolean', short: 'h' },
      json: { type: 'string' },
      limit: { type: 'string' },
      model: { type: 'string' },
      'no-clips': { type: 'boolean', default: false },
      rows: { type: 'string', multiple: true },
      sheet: { type: 'string', default: defaultSheet },
      worst: { type: 'string' },
    },
  });
  if (values.help) {
    console.log(help);
    return undefined;
  }
  const gpu = oneOf('--gpu', values.gpu, ['none', 'native', 'software']);
  const backend = oneOf('--backend', values.backend, ['wasm', 'webgpu']);
  if (backend === 'webgpu' && gpu === 'none') {
    throw new Error('--backend webgpu takes a GPU: add --gpu native, or --gpu software.');
  }
  if (!existsSync(join(values.data, 'index.json'))) {
    throw new Error(
      `There is no ${join(values.data, 'index.json')}. Name a folder with --data DIR. Its index lists {"images": [{"id", "image", "mask", "subset", "edge_quality"}], "videos": [{"id", "frames", "masks"}]}: files and folders below it; masks are pictures of the same size, 0 background, 255 person.`,
    );
  }
  const { model } = values;
  const isUrl = model !== undefined && /^https?:/.test(model);
  if (model !== undefined && !isUrl && !existsSync(model)) {
    throw new Error(`--model ${model}: there is no such file.`);
  }
  return {
    data: values.data,
    rows: [
      ...(model !== undefined && !values.rows ? [] : pickRows(values.rows)),
      ...(model === undefined ? [] : [createModelRow(model, isUrl)]),
    ],
    modelFolder: model === undefined || isUrl ? undefined : dirname(resolve(model)),
    backend,
    gpu,
    limit: values.limit === undefined ? undefined : count('--limit', values.limit),
    hasClips: !values['no-clips'],
    json: values.json,
    worst: values.worst === undefined ? 0 : count('--worst', values.worst),
    sheet: values.sheet,
  };
}

function createModelRow(model: string, isUrl: boolean): EvalRow {
  const modelUrl = isUrl ? model : givenModelPrefix + encodeURIComponent(basename(model));
  return {
    name: `element ${basename(model)}`,
    maker: 'element',
    model: 'auto',
    modelUrl,
    matte: asItIs,
  };
}

function pickRows(texts: readonly string[] | undefined): readonly EvalRow[] {
  const rows = evalRows.filter(({ name }) => texts?.some((text) => name.includes(text)) ?? true);
  if (rows.length > 0) return rows;
  const names = evalRows.map(({ name }) => name).join(', ');
  throw new Error(`--rows ${texts?.join(' ') ?? ''}: no such row. There are ${names}.`);
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (!found) throw new Error(`${option} ${value}: it takes ${allowed.join(', ')}.`);
  return found;
}

function count(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new Error(`${option} ${text}: it takes a whole number above 0.`);
  }
  return value;
}
