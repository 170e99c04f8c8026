import { parseArgs } from 'node:util';

/** Options of a session, as `InferenceSession.create` takes them. */
export type SessionOptions = Readonly<Record<string, unknown>>;

/** What `npm run bench:graphs` is told. */
export interface GraphArguments {
  /** Paths of ONNX files; the first is what the others are compared with. */
  readonly files: readonly string[];
  /** Each file is measured with each of these. */
  readonly optionSets: readonly SessionOptions[];
  readonly threads: number;
  /** Runs of each. */
  readonly runs: number;
}

const help = `Compares ONNX files of one model on WebAssembly in Chrome: speed, start, and difference of the masks.

  npm run bench:graphs -- models/selfie.onnx rewritten.onnx
  npm run bench:graphs -- models/selfie.onnx --options '{}' --options '{"enableMemPattern":false}'

The first file with the first options is what all ratios and differences are of. Runs take turns, one of each.
Pictures are those of test/assets/parity of the model's size.

  --options JSON   of InferenceSession.create; may be given more than once (default: none set)
  --threads N      above 1 the page is cross-origin isolated (default 1)
  --runs N         of each file with each options (default 200)
`;

/** Returns undefined once it has printed the help. Throws with a sentence for the user. */
export function readArguments(argv: readonly string[]): GraphArguments | undefined {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      options: { type: 'string', multiple: true, default: ['{}'] },
      runs: { type: 'string', default: '200' },
      threads: { type: 'string', default: '1' },
    },
  });
  if (values.help) {
    console.log(help);
    return undefined;
  }
  if (positionals.length * values.options.length < 2) {
    throw new Error('Name at least two ONNX files, or give --options twice. See --help.');
  }
  return {
    files: positionals,
    optionSets: values.options.map(readOptions),
    threads: readCount('--threads', values.threads),
    runs: readCount('--runs', values.runs),
  };
}

function readOptions(text: string): SessionOptions {
  try {
    return JSON.parse(text) as SessionOptions;
  } catch (cause) {
    throw new Error(`--options ${text}: it takes JSON.`, { cause });
  }
}

function readCount(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new Error(`${option} ${text}: it takes a whole number above 0.`);
  }
  return value;
}
