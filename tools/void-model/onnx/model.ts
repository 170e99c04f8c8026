import type { OnnxGraph } from './graph.ts';

/** A set of operator definitions: ONNX's own (`domain` empty) or someone else's. */
export interface OnnxOpset {
  readonly domain: string;
  readonly version: number;
}

/** A whole `.onnx` file. */
export interface OnnxModel {
  /** Version of the file format. */
  readonly irVersion: number;
  readonly opsets: readonly OnnxOpset[];
  /** Program that wrote the file first. */
  readonly producer: { readonly name: string; readonly version: string };
  readonly domain: string;
  /** The author's own count. */
  readonly version: number;
  readonly doc: string;
  /** `metadata_props`: what the author wrote down, by name. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly graph: OnnxGraph;
  /** Encoded fields of the file that are not read (functions, training), to be written as they were. */
  readonly rest: Uint8Array;
}

/** Version of the operators' definitions. 17: every web runtime of today has it, and HardSwish (14) is in it. */
const opsetVersion = 17;
/** Version of the file format that came with opset 17. */
const irVersion = 8;

/** A model around a graph that was made here, of operators of {@link opsetVersion}. */
export function createModel(graph: OnnxGraph): OnnxModel {
  return {
    irVersion,
    opsets: [{ domain: '', version: opsetVersion }],
    producer: { name: 'void-model', version: '1' },
    domain: '',
    version: 0,
    doc: '',
    metadata: {},
    graph,
    rest: new Uint8Array(),
  };
}

/** Version of ONNX's own operators that the model asks for; 0 if it names none. */
export function findOpset({ opsets }: OnnxModel): number {
  return opsets.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0;
}
