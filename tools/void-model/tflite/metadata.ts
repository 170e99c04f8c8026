/**
 * What a `.tflite` file says about itself for people and tools: TFLite Model Metadata. Slots are those of
 * metadata_schema.fbs (tflite-support); all of it may be missing.
 */
import { inflateRawSync } from 'node:zlib';
import { FlatTable } from './flatbuffer.ts';

const modelSlots = { buffers: 4, metadata: 6 };
const bufferSlots = { data: 0 };
const entrySlots = { name: 0, buffer: 1 };
const metadataSlots = { subgraphs: 3 };
const subgraphSlots = { inputs: 2, outputs: 3 };
const tensorSlots = { processUnits: 4, files: 6 };
const fileSlots = { name: 0, type: 2 };
const processSlots = { optionsType: 0, options: 1 };
const normalizationSlots = { mean: 0, std: 1 };

/** `union ProcessUnitOptions` */
const normalizationOptions = 1;
/** `enum AssociatedFileType`: one label a line, in the order of the output's channels. */
const tensorAxisLabels = 2;

/** What is known of the first input and output. */
export interface TfliteMetadata {
  /** A level 0..255 goes in as `(level - mean) / std`; null if that is not told. */
  readonly normalization: { readonly mean: number; readonly std: number } | null;
  /** Names of the output's channels; empty if they are not told. */
  readonly labels: readonly string[];
}

/** Reads the metadata. Throws a RangeError where the file is damaged. */
export function readTfliteMetadata(bytes: Uint8Array): TfliteMetadata {
  const model = FlatTable.root(bytes);
  const entry = model
    .tables(modelSlots.metadata)
    .find((candidate) => candidate.text(entrySlots.name) === 'TFLITE_METADATA');
  const buffer = entry && model.tables(modelSlots.buffers)[entry.uint32(entrySlots.buffer)];
  if (!buffer) return { normalization: null, labels: [] };
  const [subgraph] = FlatTable.root(buffer.bytes(bufferSlots.data)).tables(metadataSlots.subgraphs);
  const [input] = subgraph?.tables(subgraphSlots.inputs) ?? [];
  const [output] = subgraph?.tables(subgraphSlots.outputs) ?? [];
  return {
    normalization: input ? readNormalization(input) : null,
    labels: output ? readLabels(output, bytes) : [],
  };
}

function readNormalization(input: FlatTable): TfliteMetadata['normalization'] {
  const unit = input
    .tables(tensorSlots.processUnits)
    .find((candidate) => candidate.uint8(processSlots.optionsType) === normalizationOptions);
  const options = unit?.table(processSlots.options);
  const [mean, ...otherMeans] = options?.float32s(normalizationSlots.mean) ?? [];
  const [std, ...otherStds] = options?.float32s(normalizationSlots.std) ?? [];
  const isSame = otherMeans.every((m) => m === mean) && otherStds.every((s) => s === std);
  return mean === undefined || !std || !isSame ? null : { mean, std };
}

function readLabels(output: FlatTable, bytes: Uint8Array): readonly string[] {
  const file = output
    .tables(tensorSlots.files)
    .find((candidate) => candidate.uint8(fileSlots.type) === tensorAxisLabels);
  const text = file && readAttached(bytes, file.text(fileSlots.name));
  return text ? new TextDecoder().decode(text).trim().split(/\r?\n/) : [];
}

/**
 * A file out of the ZIP archive that is appended to the model, or null. Offsets in it count from the start of the
 * model.
 *
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
function readAttached(bytes: Uint8Array, name: string): Uint8Array | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let entry = findDirectory(view);
  while (entry >= 0 && view.getUint32(entry, true) === 0x02014b50) {
    const nameLength = view.getUint16(entry + 28, true);
    const found = new TextDecoder().decode(bytes.subarray(entry + 46, entry + 46 + nameLength));
    if (found === name) {
      const header = view.getUint32(entry + 42, true);
      const start =
        header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
      const data = bytes.subarray(start, start + view.getUint32(entry + 20, true));
      const isStored = view.getUint16(entry + 10, true) === 0;
      return isStored ? data : inflateRawSync(data);
    }
    entry += 46 + nameLength + view.getUint16(entry + 30, true) + view.getUint16(entry + 32, true);
  }
  return null;
}

/** Where the archive's directory begins, or -1. Its end record is 22 bytes long, with a comment up to 65535 more. */
function findDirectory(view: DataView): number {
  const last = view.byteLength - 22;
  for (let at = last; at >= Math.max(0, last - 0xffff); at--) {
    if (view.getUint32(at, true) === 0x06054b50) return view.getUint32(at + 16, true);
  }
  return -1;
}
