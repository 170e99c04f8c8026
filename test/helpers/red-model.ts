import type { Dim } from '../../src/inference/onnx-header.ts';
import { codeOf, writeOnnx, type OnnxModel, type OnnxNode, type OnnxType } from './onnx.ts';

/** A model that takes red for foreground, in the shape of another. */
export interface RedModel {
  readonly input: {
    readonly name: string;
    readonly type?: OnnxType;
    readonly dims: readonly Dim[];
  };
  readonly output: {
    readonly name: string;
    readonly type?: OnnxType;
    readonly dims: readonly Dim[];
  };
  /** Which axis of the input is the colours. Default: 1. */
  readonly channelAxis?: 1 | 3;
  readonly order?: 'rgb' | 'bgr';
  /** What it takes its input to be of a colour of 0..1: `(colour - mean) / std`, of red. */
  readonly mean?: number;
  readonly std?: number;
  /** Channels of the answer, of which `foreground` tells red. Default: 1. */
  readonly channels?: number;
  readonly foreground?: number;
  /** What makes of logits what comes out. Default: nothing. */
  readonly end?: 'Sigmoid' | 'Softmax' | 'ArgMax' | 'Clip';
  /** How much smaller than the input the output is. Default: 1. */
  readonly shrink?: number;
  /** Adds to the graph what other models have as well. */
  readonly change?: (model: OnnxModel) => OnnxModel;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** How foreground a colour is, by construction: the logit of red is 20 * (red - 0.5), that of the others none. */
export function expectedRed(red: number): number {
  return 1 / (1 + Math.exp(-20 * (red - 0.5)));
}

/** Steepness of a logit, and one that is as good as never. */
const steepness = 20;
const never = -40;

export function createRedModel(red: RedModel): Uint8Array<ArrayBuffer> {
  const model = buildRedModel(red);
  return writeOnnx(red.change ? red.change(model) : model);
}

function buildRedModel(red: RedModel): OnnxModel {
  const { input, output, channelAxis = 1, order = 'rgb', mean = 0, std = 1 } = red;
  const { channels = 1, foreground = channels === 1 ? 0 : 1, end, shrink = 1 } = red;
  const weights = new Float32Array(3 * channels);
  const biases = new Float32Array(channels).fill(never);
  if (channels > 1) biases[0] = 0;
  const at = order === 'rgb' ? 0 : 2;
  weights[3 * foreground + at] = steepness * std;
  biases[foreground] = steepness * (mean - 0.5);
  const nodes: OnnxNode[] = [];
  let last = input.name;
  const add = (operator: string, inputs: string[] = [], attributes = {}): void => {
    const name = `${operator}${nodes.length}`;
    nodes.push({ operator, inputs: [last, ...inputs], outputs: [name], attributes });
    last = name;
  };
  if (input.type && input.type !== 'float32') add('Cast', [], { to: codeOf('float32') });
  if (channelAxis === 3) add('Transpose', [], { perm: [0, 3, 1, 2] });
  add('Conv', ['weights', 'biases'], { kernel_shape: [1, 1], strides: [shrink, shrink] });
  if (end === 'Softmax') add('Softmax', [], { axis: 1 });
  if (end === 'Sigmoid') add('Sigmoid');
  if (end === 'Clip') {
    add('Sigmoid');
    add('Clip', ['zero', 'one']);
  }
  if (end === 'ArgMax') add('ArgMax', [], { axis: 1, keepdims: Number(output.dims.length === 4) });
  const isIndex = end === 'ArgMax';
  const isLast = channelAxis === 3 && output.dims.length === 4;
  if (isLast) add('Transpose', [], { perm: [0, 2, 3, 1] });
  const type = output.type ?? 'float32';
  if (type !== (isIndex ? 'int64' : 'float32')) {
    if (type === 'uint8' && !isIndex) add('Mul', ['white']);
    add('Cast', [], { to: codeOf(type) });
  }
  const final = nodes.at(-1) as OnnxNode;
  nodes[nodes.length - 1] = { ...final, outputs: [output.name] };
  return {
    inputs: [input],
    outputs: [output],
    nodes,
    constants: [
      { name: 'weights', dims: [channels, 3, 1, 1], data: weights },
      { name: 'biases', dims: [channels], data: biases },
      { name: 'zero', dims: [], data: Float32Array.of(0) },
      { name: 'one', dims: [], data: Float32Array.of(1) },
      { name: 'white', dims: [], data: Float32Array.of(255) },
    ],
    ...(red.metadata && { metadata: red.metadata }),
  };
}
