import { decodeFloat16 } from '../onnx/float16.ts';
import type { OnnxAttribute, OnnxData, OnnxNode, OnnxTensor } from '../onnx/graph.ts';
import type { TfliteModel, TfliteOperator, TfliteTensor } from '../tflite/model.ts';
import { ToolError } from '../tool-error.ts';

/** Sizes of a picture-like tensor: batch, height, width, channels. */
export interface PictureShape {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** A constant of the model, as stored. */
export interface Constant {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/**
 * What the conversion of an operator works with: it reads the model and collects the ONNX graph.
 *
 * Values keep their TensorFlow Lite names. They are NHWC there and NCHW here; what is called `x` in the model
 * and is an input or output of it goes by `x/nchw` inside, since `x` itself stays NHWC.
 */
export class GraphBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly tensors: OnnxTensor[] = [];
  readonly #model: TfliteModel;
  readonly #boundary: ReadonlySet<number>;
  /** Constants that an operator made of stored ones, by index. */
  readonly #derived = new Map<number, Constant>();
  readonly #tensorNames = new Set<string>();

  constructor(model: TfliteModel) {
    this.#model = model;
    this.#boundary = new Set([...model.inputs, ...model.outputs]);
  }

  /** Name of the NCHW value that stands for a tensor of the model. */
  value(index: number): string {
    const { name } = this.#tensor(index);
    return this.#boundary.has(index) ? `${name}/nchw` : name;
  }

  /** Shape of a tensor that must have four axes. */
  shape(index: number): PictureShape {
    const { name, shape } = this.#tensor(index);
    const [batch, height, width, channels, ...rest] = shape;
    if (!batch || !height || !width || !channels || rest.length > 0) {
      throw new ToolError(
        'unsupported-model',
        `Tensor "${name}" has the shape [${shape.join(', ')}]; only four axes of fixed size ` +
          '(batch, height, width, channels) convert.',
      );
    }
    return { batch, height, width, channels };
  }

  /** Contents of a float constant, or null for what is computed when the model runs. */
  findConstant(index: number): Constant | null {
    const derived = this.#derived.get(index);
    if (derived) return derived;
    const { name, shape: dims, type, data } = this.#tensor(index);
    if (data.byteLength === 0) return null;
    if (type !== 'float32' && type !== 'float16') return null;
    const size = dims.reduce((product, length) => product * length, 1);
    if (data.byteLength !== size * (type === 'float32' ? 4 : 2)) {
      throw new ToolError(
        'not-tflite',
        `The model is damaged: constant "${name}" has ${data.byteLength} bytes, which its shape ` +
          `[${dims.join(', ')}] does not explain.`,
      );
    }
    const bytes = aligned(data);
    const values =
      type === 'float32' ? new Float32Array(bytes) : decodeFloat16(new Uint16Array(bytes));
    return { name, dims, data: values };
  }

  /** Contents of a float constant that `operator` cannot do without. */
  constant(index: number, operator: TfliteOperator): Constant {
    const constant = this.findConstant(index);
    if (!constant) {
      throw new ToolError(
        'unsupported-model',
        `${operator.name} takes "${this.#tensor(index).name}" as weights; only float32 and float16 ` +
          'constants convert. Export the model without integer quantization.',
      );
    }
    return constant;
  }

  /** Contents of an int32 constant such as a list of axes; empty if it is not one. */
  int32Constant(index: number): readonly number[] {
    const { type, data } = this.#tensor(index);
    return type === 'int32' ? [...new Int32Array(aligned(data))] : [];
  }

  /** Declares that the tensor `index` always has these contents. */
  setConstant(index: number, data: Float32Array): void {
    const { name, shape: dims } = this.#tensor(index);
    this.#derived.set(index, { name, dims, data });
  }

  /** Adds an initializer. @returns Its name: the one asked for, numbered if that is taken. */
  addTensor(name: string, dims: readonly number[], data: OnnxData): string {
    let unique = name;
    for (let count = 2; this.#tensorNames.has(unique); count++) unique = `${name}#${count}`;
    this.#tensorNames.add(unique);
    this.tensors.push({ name: unique, dims, data });
    return unique;
  }

  /** Adds a node with one output, after which it is named. */
  addNode(
    opType: string,
    inputs: readonly string[],
    output: string,
    attributes: Readonly<Record<string, OnnxAttribute>> = {},
  ): void {
    this.nodes.push({ name: output, opType, inputs, outputs: [output], attributes });
  }

  #tensor(index: number): TfliteTensor {
    const tensor = this.#model.tensors[index];
    if (!tensor)
      throw new ToolError('not-tflite', `The model is damaged: it has no tensor ${index}.`);
    return tensor;
  }
}

/** A copy at an address that any typed array accepts. */
function aligned(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
