import { ModelSession } from '../measure/model-session.ts';
import type { Answer } from '../measure/model-session.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { writeModel } from '../onnx/writer.ts';
import type { ValueRange } from './static.ts';

export interface CalibrationOptions<Contents> {
  /** Makes the model's inputs of a sample. */
  readonly feed: (session: ModelSession) => (contents: Contents) => readonly Answer[];
  /** Which share of a sample's values each range has to hold, in percent. 100: from the smallest to the largest. */
  readonly percentile: number;
  readonly threads: number;
  readonly onProgress?: (done: number) => void;
}

/**
 * Runs a model on samples and measures the values between its nodes.
 *
 * @param names - The values to measure; all float32.
 * @returns For each the range that holds the wanted share of its values on every sample.
 */
export async function measureRanges<Contents>(
  model: OnnxModel,
  names: readonly string[],
  samples: AsyncIterable<Contents>,
  { feed, percentile, threads, onProgress }: CalibrationOptions<Contents>,
): Promise<ReadonlyMap<string, ValueRange>> {
  const ranges = new Map<string, ValueRange>();
  const session = await ModelSession.open(
    writeModel(exposeValues(model, names)),
    'the model',
    threads,
  );
  try {
    const toInputs = feed(session);
    let done = 0;
    for await (const contents of samples) {
      const inputs = toInputs(contents);
      const outputs = await session.run(inputs);
      const tensors = [...session.inputs, ...session.outputs];
      for (const [i, { data }] of [...inputs, ...outputs].entries()) {
        const name = tensors[i]?.name ?? '';
        if (names.includes(name))
          ranges.set(name, join(ranges.get(name), rangeOf(data, percentile)));
      }
      onProgress?.(++done);
    }
  } finally {
    await session.release();
  }
  return ranges;
}

/** The model with these values as further outputs. */
function exposeValues(model: OnnxModel, names: readonly string[]): OnnxModel {
  const { graph } = model;
  const known = new Set([...graph.inputs, ...graph.outputs].map(({ name }) => name));
  const further = names.filter((name) => !known.has(name)).map((name) => ({ name, dims: null }));
  return { ...model, graph: { ...graph, outputs: [...graph.outputs, ...further] } };
}

function rangeOf(data: Float32Array, percentile: number): ValueRange {
  const sorted = data.toSorted();
  const outside = Math.floor((sorted.length * (100 - percentile)) / 200);
  return { min: sorted[outside] ?? 0, max: sorted[sorted.length - 1 - outside] ?? 0 };
}

function join(a: ValueRange | undefined, b: ValueRange): ValueRange {
  return a ? { min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) } : b;
}
