import type * as Ort from 'onnxruntime-web';

import { decodeFloat16, roundToFloat16 } from '../onnx/float16.ts';
import { loadRuntime } from '../run-model.ts';
import { ToolError } from '../tool-error.ts';

/** An input or output as the runtime sees it. A size that is not fixed is a name. */
export interface TensorInfo {
  readonly name: string;
  readonly type: string;
  readonly dims: readonly (number | string)[];
}

/** An answer of a model, widened to float32. */
export interface Answer {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** A model on ONNX Runtime Web's WebAssembly in this process: the same code that runs in a page. Release it. */
export class ModelSession {
  readonly #ort: typeof Ort;
  readonly #session: Ort.InferenceSession;
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];

  private constructor(ort: typeof Ort, session: Ort.InferenceSession) {
    this.#ort = ort;
    this.#session = session;
    this.inputs = session.inputMetadata.map(describe);
    this.outputs = session.outputMetadata.map(describe);
  }

  /**
   * @param bytes - An `.onnx` file.
   * @param name - What the error message calls it.
   * @param threads - The runtime asks once: the first session's number holds for all.
   * @throws ToolError `unsupported-model` for what the runtime does not load.
   */
  static async open(bytes: Uint8Array, name: string, threads: number): Promise<ModelSession> {
    const ort = await loadRuntime();
    ort.env.wasm.numThreads = threads;
    const options = { executionProviders: ['wasm'], logSeverityLevel: 3 } as const;
    try {
      return new ModelSession(ort, await ort.InferenceSession.create(bytes, options));
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ToolError('unsupported-model', `ONNX Runtime cannot load "${name}": ${reason}`, {
        cause,
      });
    }
  }

  /** Answers to one set of inputs, given in the order of {@link inputs}. */
  async run(feeds: readonly Answer[]): Promise<readonly Answer[]> {
    const tensors = this.inputs.map(
      ({ name, type }, i) => [name, toTensor(this.#ort, type, feeds[i])] as const,
    );
    const results = await this.#session.run(Object.fromEntries(tensors));
    return this.outputs.map(({ name }) => fromTensor(name, results[name]));
  }

  async release(): Promise<void> {
    await this.#session.release();
  }
}

function describe(metadata: Ort.InferenceSession.ValueMetadata): TensorInfo {
  const { name } = metadata;
  return metadata.isTensor
    ? { name, type: metadata.type, dims: metadata.shape }
    : { name, type: 'no tensor', dims: [] };
}

function toTensor(ort: typeof Ort, type: string, feed: Answer | undefined): Ort.Tensor {
  if (!feed) throw new TypeError('An input is missing.');
  const { dims, data } = feed;
  switch (type) {
    case 'float32':
      return new ort.Tensor('float32', data, dims);
    case 'float16':
      return new ort.Tensor('float16', roundToFloat16(data), dims);
    case 'uint8':
      return new ort.Tensor('uint8', Uint8Array.from(data, Math.round), dims);
    default:
      throw new ToolError(
        'unsupported-model',
        `The model takes ${type}; only float32, float16 and uint8 are fed here.`,
      );
  }
}

function fromTensor(name: string, tensor: Ort.Tensor | undefined): Answer {
  if (tensor?.type === 'float32') return { dims: tensor.dims, data: tensor.data as Float32Array };
  if (tensor?.type === 'float16') {
    return { dims: tensor.dims, data: decodeFloat16(bitsOf(tensor.data as ArrayBufferView)) };
  }
  throw new ToolError(
    'unsupported-model',
    `The output "${name}" is ${tensor?.type ?? 'missing'}; only float32 and float16 are compared.`,
  );
}

/** Node from 23 on gives a Float16Array, older ones a Uint16Array. */
function bitsOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint16Array {
  return new Uint16Array(buffer, byteOffset, byteLength / 2);
}
